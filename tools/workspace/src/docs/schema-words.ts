/** What a payload's schema says, in words: type and range of each key, and whether it may be left out. */

import { RoomInfo, Seat } from '@lobby/protocol';

/** The parts of a JSON schema that the protocol uses. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  /** What a text must keep besides its length. */
  readonly rule?: 'ascii' | 'name';
}

/** One key of a map. */
export interface KeyWords {
  readonly key: string;
  readonly type: string;
  readonly optional: boolean;
  readonly range: string;
}

const SHAPES: readonly (readonly [name: string, schema: Schema])[] = [
  ['RoomInfo', RoomInfo],
  ['Seat', Seat],
];

/**
 * The keys of an object, those of objects inside it too (`address.host`), but not those of a shape with a
 * name.
 */
export function keysOf(schema: Schema, prefix = ''): KeyWords[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const optional = !(schema.required ?? []).includes(name);
    const row = { key, type: typeOf(value), optional, range: rangeOf(value) };
    const inner = value.type === 'array' ? value.items : value;
    const isNamed = inner === undefined || shapeOf(inner) !== undefined;
    return [row, ...(isNamed ? [] : keysOf(inner, value.type === 'array' ? `${key}[].` : `${key}.`))];
  });
}

function shapeOf(schema: Schema): string | undefined {
  const text = JSON.stringify(schema);
  return SHAPES.find(([, shape]) => JSON.stringify(shape) === text)?.[0];
}

function typeOf(schema: Schema): string {
  const { type, items, patternProperties } = schema;
  if (type === 'array') return `array of ${items === undefined ? 'anything' : typeOf(items)}`;
  if (type === 'object') {
    const [values] = Object.values(patternProperties ?? {});
    return shapeOf(schema) ?? (values === undefined ? 'map' : `map of string to ${typeOf(values)}`);
  }
  return type ?? 'binary';
}

function rangeOf({ type, items, patternProperties, ...limits }: Schema): string {
  const { minimum, maximum, minLength = 0, maxLength, maxItems, maxProperties, rule } = limits;
  if (type === 'string' && maxLength !== undefined) {
    const characters = rule === 'ascii' ? 'ASCII characters' : 'characters';
    return minLength === 0
      ? `up to ${maxLength} ${characters}`
      : `${minLength} to ${maxLength} ${characters}`;
  }
  if (minimum !== undefined && maximum !== undefined) return `${number(minimum)} to ${number(maximum)}`;
  if (type === 'array' && items !== undefined) {
    const each = rangeOf(items);
    return [maxItems === undefined ? '' : `up to ${maxItems}`, each === '' ? '' : `each ${each}`]
      .filter((part) => part !== '')
      .join(', ');
  }
  const [values] = Object.values(patternProperties ?? {});
  const each = values === undefined ? '' : rangeOf(values);
  return [
    maxProperties === undefined ? '' : `up to ${maxProperties} pairs`,
    each === '' ? '' : `values ${each}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function number(value: number): string {
  if (value === Number.MAX_SAFE_INTEGER) return '2^53-1';
  return value === 0x7fff_ffff ? '2^31-1' : String(value);
}
