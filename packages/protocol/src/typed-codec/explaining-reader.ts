/**
 * Reads what the generated reader has refused: an object with keys that are not known, or one that is not of
 * the shape. It follows the shape along the bytes, skips what it does not know without a look at it, and
 * stops at the first fault; of a batch it may leave out the items that have one, and go on.
 *
 * Only for bytes that `checkStructure` has passed: whatever fails here is of the wrong shape, and never
 * malformed.
 */
import type { Fault } from '../first-fault.ts';
import { TEXT_RULES } from '../text-rules.ts';
import { MISMATCH } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Field, Shape, TextShape } from './shape.ts';

/** The object without unknown keys, or the first fault in the order of the bytes. */
export type Explained = { readonly value: object } | { readonly fault: Fault };

/**
 * `leftOut` takes the faults of items that are left out of batches; without it a batch is a list like any
 * other.
 */
type Explainer = (cursor: Cursor, leftOut?: Fault[]) => unknown;

/**
 * The fault on its way up from where it is, never told outside; each level puts its key before the path. A
 * batch may hold thousands, and what an error costs is its stack, which nobody reads: so it is none.
 */
class WrongShape {
  readonly message: string;
  readonly path: (string | number)[] = [];

  constructor(message: string) {
    this.message = message;
  }

  within(key: string | number): this {
    this.path.unshift(key);
    return this;
  }

  get fault(): Fault {
    return { path: this.path.join('/'), message: this.message };
  }
}

function fail(message: string): never {
  // oxlint-disable-next-line typescript/only-throw-error -- never leaves this file, and is no error on purpose
  throw new WrongShape(message);
}

/** Made once for each shape. */
export function explainingReader(shape: Shape): (cursor: Cursor, leftOut?: Fault[]) => Explained {
  const read = explainerOf(shape);
  return (cursor, leftOut) => {
    try {
      return { value: read(cursor, leftOut) as object };
    } catch (error) {
      if (error instanceof WrongShape) return { fault: error.fault };
      throw error;
    }
  };
}

/** `key` is where in its object the value stands. */
function explainerOf(shape: Shape, key = ''): Explainer {
  switch (shape.kind) {
    case 'object':
      return objectExplainer(shape.fields);
    case 'map':
      return mapExplainer(shape);
    case 'array':
      return shape.isBatch ? batchExplainer(shape, key) : arrayExplainer(shape);
    case 'text':
      return textExplainer(shape);
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
    if (error === MISMATCH) fail(message);
    throw error;
  }
}

function textExplainer({ minLength, maxLength, rule: name }: TextShape): Explainer {
  const lengths = maxLength === Infinity ? `${minLength} or more` : `${minLength} to ${maxLength}`;
  const message = `must be a string of ${lengths} characters`;
  if (name === undefined) return (cursor) => orFault(() => cursor.text(minLength, maxLength), message);
  const rule = TEXT_RULES[name];
  return (cursor) => orFault(() => cursor.ruledText(minLength, maxLength, rule), `${message} ${rule.words}`);
}

function objectExplainer(fields: readonly Field[]): Explainer {
  const known = new Map(fields.map(({ name, shape }) => [name, explainerOf(shape, name)]));
  const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
  return (cursor, leftOut) => {
    const object: Record<string, unknown> = {};
    for (let left = sizeOfMap(cursor); left > 0; left -= 1) {
      const key = cursor.key();
      const read = known.get(key);
      if (read === undefined) cursor.skip();
      else object[key] = inside(key, () => read(cursor, leftOut));
    }
    const missing = required.filter((name) => !Object.hasOwn(object, name));
    if (missing.length > 0) fail(`must have ${missing.join(', ')}`);
    return object;
  };
}

function mapExplainer({ maxKeys, key, value }: Extract<Shape, { kind: 'map' }>): Explainer {
  const readKey = explainerOf(key);
  const readValue = explainerOf(value);
  return (cursor) => {
    const size = sizeOfMap(cursor);
    if (size > maxKeys) fail(`must have at most ${maxKeys} keys, it has ${size}`);
    const map: Record<string, unknown> = {};
    for (let left = size; left > 0; left -= 1) {
      const name = orKeyFault(readKey, cursor, key);
      map[name] = inside(name, () => readValue(cursor));
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
    fail(`must have keys of ${minLength} to ${maxLength} characters`);
  }
}

type ArrayShape = Extract<Shape, { kind: 'array' }>;

function arrayExplainer({ maxItems, item }: ArrayShape): Explainer {
  const read = explainerOf(item);
  return (cursor, leftOut) => {
    const size = sizeOfArray(cursor, maxItems);
    const items: unknown[] = [];
    for (let index = 0; index < size; index += 1) items.push(inside(index, () => read(cursor, leftOut)));
    return items;
  };
}

function batchExplainer(shape: ArrayShape, key: string): Explainer {
  const read = explainerOf(shape.item);
  const readAll = arrayExplainer(shape);
  return (cursor, leftOut) => {
    if (leftOut === undefined) return readAll(cursor);
    const size = sizeOfArray(cursor, shape.maxItems);
    const items: unknown[] = [];
    for (let index = 0; index < size; index += 1) {
      const { at } = cursor;
      try {
        items.push(read(cursor));
      } catch (error) {
        if (!(error instanceof WrongShape)) throw error;
        leftOut.push(error.within(index).within(key).fault);
        cursor.at = at;
        cursor.skip();
      }
    }
    return items;
  };
}

function sizeOfMap(cursor: Cursor): number {
  return orFault(() => cursor.mapSize(), 'must be a map');
}

function sizeOfArray(cursor: Cursor, maxItems: number): number {
  const most = maxItems === Infinity ? 'a list' : `a list of at most ${maxItems}`;
  return orFault(() => cursor.arraySize(maxItems), `must be ${most}`);
}

function inside(key: string | number, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw error instanceof WrongShape ? error.within(key) : error;
  }
}
