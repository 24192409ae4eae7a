/**
 * Makes of a value that has passed its schema the value without the keys that the schema does not know. Made
 * once for each shape: typebox's own `Clean` sorts the whole schema anew for every value. What is known is
 * copied; to take thousands of unknown keys out of an object costs more than all that was done with it
 * before.
 */
import type { Shape } from './typed-codec/shape.ts';

/**
 * The value given stays as it is; parts that can't hold unknown keys are shared with it. Only for values that
 * have passed.
 */
export type Cleaner = (value: unknown) => unknown;

/** `undefined` where values of this shape hold no keys that could be unknown. */
export function cleanerOf(shape: Shape): Cleaner | undefined {
  switch (shape.kind) {
    case 'object': {
      const fields = shape.fields.map(({ name, shape: inner }) => ({ name, clean: cleanerOf(inner) }));
      return (value) => cleanObject(value as Record<string, unknown>, fields);
    }
    case 'map': {
      const clean = cleanerOf(shape.value);
      // Its keys were checked by the schema, which refuses others.
      return clean && ((value) => cleanMap(value as Record<string, unknown>, clean));
    }
    case 'array': {
      const clean = cleanerOf(shape.item);
      return clean && ((value) => (value as unknown[]).map(clean));
    }
    default:
      return undefined;
  }
}

interface CleanField {
  readonly name: string;
  readonly clean: Cleaner | undefined;
}

function cleanObject(object: Record<string, unknown>, fields: readonly CleanField[]): object {
  const known: Record<string, unknown> = {};
  for (const { name, clean } of fields) {
    if (!Object.hasOwn(object, name)) continue;
    const value = object[name];
    known[name] = clean === undefined ? value : clean(value);
  }
  return known;
}

function cleanMap(map: Record<string, unknown>, clean: Cleaner): object {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, clean(value)]));
}
