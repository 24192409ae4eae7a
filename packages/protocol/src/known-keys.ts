/**
 * Takes the keys that a shape does not know out of values that have passed its schema. Made once for each shape: typebox's own
 * `Clean` sorts the whole schema anew for every value, which costs more than all checks together.
 */
import type { Shape } from './typed-codec/shape.ts';

/** Changes the value in place. Only for values that have passed the schema. */
export type Cleaner = (value: unknown) => void;

/** `undefined` where values of this shape hold no keys that could be unknown. */
export function cleanerOf(shape: Shape): Cleaner | undefined {
  switch (shape.kind) {
    case 'object': {
      const fields = new Map(shape.fields.map(({ name, shape: inner }) => [name, cleanerOf(inner)]));
      return (value) => cleanObject(value as Record<string, unknown>, fields);
    }
    case 'map': {
      const clean = cleanerOf(shape.value);
      // Its keys were checked by the schema, which refuses others.
      return clean && ((value) => Object.values(value as object).forEach(clean));
    }
    case 'array': {
      const clean = cleanerOf(shape.item);
      return clean && ((value) => (value as unknown[]).forEach(clean));
    }
    default:
      return undefined;
  }
}

function cleanObject(
  object: Record<string, unknown>,
  fields: ReadonlyMap<string, Cleaner | undefined>,
): void {
  for (const key of Object.keys(object)) {
    const clean = fields.get(key);
    if (clean !== undefined) clean(object[key]);
    else if (!fields.has(key)) delete object[key];
  }
}
