/**
 * Bytes are no map. To typebox a `Uint8Array` is an object like any other, and one of no bytes passes
 * wherever a map without keys would; here the place is found where a value has bytes and its schema wants a
 * map.
 */
import type { TSchema } from 'typebox';

interface Parts {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/**
 * The keys and indexes that lead to the first such place; `undefined` where there is none. For values that
 * typebox takes.
 */
export function bytesForMap(schema: TSchema, value: unknown): readonly string[] | undefined {
  const { type, properties = {}, patternProperties = {}, items } = schema as Parts;
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Uint8Array) return type === 'object' ? [] : undefined;
  const [ofOthers] = Object.values(patternProperties);
  for (const [key, part] of Object.entries(value)) {
    const inner = Array.isArray(value) ? items : Object.hasOwn(properties, key) ? properties[key] : ofOthers;
    const path = inner === undefined ? undefined : bytesForMap(inner, part);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
