/**
 * Reads what the generated reader has refused: an object with keys that are not known, or one that is not of
 * the shape. It follows the shape along the bytes, skips what it does not know without a look at it, and
 * stops at the first fault.
 *
 * Only for bytes that `checkStructure` has passed: whatever fails here is of the wrong shape, and never
 * malformed.
 */
import type { Fault } from '../first-fault.ts';
import { MISMATCH } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Field, Shape } from './shape.ts';

/** The object without unknown keys, or the first fault in the order of the bytes. */
export type Explained = { readonly value: object } | { readonly fault: Fault };

type Explainer = (cursor: Cursor) => unknown;

/** The fault on its way up from where it is, never told outside; each level puts its key before the path. */
class WrongShape extends Error {
  override readonly name = 'WrongShape';
  readonly path: (string | number)[] = [];

  within(key: string | number): this {
    this.path.unshift(key);
    return this;
  }
}

/** Made once for each shape. */
export function explainingReader(shape: Shape): (cursor: Cursor) => Explained {
  const read = explainerOf(shape);
  return (cursor) => {
    try {
      return { value: read(cursor) as object };
    } catch (error) {
      if (!(error instanceof WrongShape)) throw error;
      return { fault: { path: error.path.join('/'), message: error.message } };
    }
  };
}

function explainerOf(shape: Shape): Explainer {
  switch (shape.kind) {
    case 'object':
      return objectExplainer(shape.fields);
    case 'map':
      return mapExplainer(shape);
    case 'array':
      return arrayExplainer(shape);
    case 'text': {
      const { minLength, maxLength } = shape;
      const lengths = maxLength === Infinity ? `${minLength} or more` : `${minLength} to ${maxLength}`;
      const message = `must be a string of ${lengths} characters`;
      return (cursor) => orFault(() => cursor.text(minLength, maxLength), message);
    }
    case 'integer': {
      const { minimum, maximum } = shape;
      const message = `must be an integer from ${minimum} to ${maximum}`;
      return (cursor) => orFault(() => cursor.integer(minimum, maximum), message);
    }
    case 'boolean':
      return (cursor) => orFault(() => cursor.boolean(), 'must be true or false');
    case 'bytes': {
      const { byteLength } = shape;
      return (cursor) => orFault(() => cursor.binary(byteLength), `must be ${byteLength} bytes of binary`);
    }
  }
}

function orFault<T>(read: () => T, message: string): T {
  try {
    return read();
  } catch (error) {
    throw error === MISMATCH ? new WrongShape(message) : error;
  }
}

function objectExplainer(fields: readonly Field[]): Explainer {
  const known = new Map(fields.map(({ name, shape }) => [name, explainerOf(shape)]));
  const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
  return (cursor) => {
    const object: Record<string, unknown> = {};
    for (let left = sizeOfMap(cursor); left > 0; left -= 1) {
      const key = cursor.key();
      const read = known.get(key);
      if (read === undefined) cursor.skip();
      else object[key] = inside(key, read, cursor);
    }
    const missing = required.filter((name) => !Object.hasOwn(object, name));
    if (missing.length > 0) throw new WrongShape(`must have ${missing.join(', ')}`);
    return object;
  };
}

function mapExplainer({ maxKeys, key, value }: Extract<Shape, { kind: 'map' }>): Explainer {
  const readKey = explainerOf(key);
  const readValue = explainerOf(value);
  return (cursor) => {
    const size = sizeOfMap(cursor);
    if (size > maxKeys) throw new WrongShape(`must have at most ${maxKeys} keys, it has ${size}`);
    const map: Record<string, unknown> = {};
    for (let left = size; left > 0; left -= 1) {
      const name = orKeyFault(readKey, cursor, key);
      map[name] = inside(name, readValue, cursor);
    }
    return map;
  };
}

function orKeyFault(
  read: Explainer,
  cursor: Cursor,
  { minLength, maxLength }: { readonly minLength: number; readonly maxLength: number },
): string {
  try {
    return read(cursor) as string;
  } catch (error) {
    if (!(error instanceof WrongShape)) throw error;
    throw new WrongShape(`must have keys of ${minLength} to ${maxLength} characters`);
  }
}

function arrayExplainer({ maxItems, item }: Extract<Shape, { kind: 'array' }>): Explainer {
  const read = explainerOf(item);
  const most = maxItems === Infinity ? 'a list' : `a list of at most ${maxItems}`;
  return (cursor) => {
    const size = orFault(() => cursor.arraySize(maxItems), `must be ${most}`);
    const items: unknown[] = [];
    for (let index = 0; index < size; index += 1) items.push(inside(index, read, cursor));
    return items;
  };
}

function sizeOfMap(cursor: Cursor): number {
  return orFault(() => cursor.mapSize(), 'must be a map');
}

function inside(key: string | number, read: Explainer, cursor: Cursor): unknown {
  try {
    return read(cursor);
  } catch (error) {
    throw error instanceof WrongShape ? error.within(key) : error;
  }
}
