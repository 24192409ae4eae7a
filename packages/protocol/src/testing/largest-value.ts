/** Values of a schema at its maximum, really built: what limits are tried with. */
import type { TSchema } from 'typebox';
import { encodedBytes } from '../encoded-bytes.ts';
import type { TextRuleName } from '../text-rules.ts';
import { shapeOf } from '../typed-codec/shape.ts';
import type { Shape, TextShape } from '../typed-codec/shape.ts';

/** Characters of the most bytes that a text may hold. */
const WIDEST: Readonly<Record<TextRuleName | 'any', string>> = { any: '😀', ascii: '~', name: '𠮷' };
/** The keys of a map differ in their first character, of which there are so many from here on. */
const FIRST_KEY = 0x1_f300;

export interface LargestOptions {
  /**
   * Bytes of a batch, at most: it ends before the record that would take more, and has one at least. Other
   * lists are full.
   */
  readonly maxBatchBytes?: number;
}

/**
 * The value that takes most bytes once it is encoded: every text is the longest, of characters of four bytes,
 * every list and map is full, every key that may be left out is there. Throws an `Error` for a schema without
 * a largest.
 */
export function largestValue(schema: TSchema, { maxBatchBytes = Infinity }: LargestOptions = {}): unknown {
  const shape = shapeOf(schema);
  if (shape === undefined) throw new Error('the schema has no shape: nothing is known of its largest value');
  return ofShape(shape, maxBatchBytes);
}

function ofShape(shape: Shape, maxBatchBytes: number): unknown {
  switch (shape.kind) {
    case 'boolean':
      return true;
    case 'integer': {
      const { minimum, maximum } = shape;
      return encodedBytes(minimum) > encodedBytes(maximum) ? minimum : maximum;
    }
    case 'bytes':
      return Buffer.alloc(shape.byteLength, 0xff);
    case 'text':
      return longest(shape);
    case 'array': {
      const item = ofShape(shape.item, maxBatchBytes);
      const most = shape.isBatch ? Math.max(1, Math.floor(maxBatchBytes / encodedBytes(item))) : Infinity;
      return new Array<unknown>(finite(Math.min(shape.maxItems, most))).fill(item);
    }
    case 'map': {
      const key = longest(shape.key).slice(WIDEST.any.length);
      const value = ofShape(shape.value, maxBatchBytes);
      const keys = Array.from(
        { length: finite(shape.maxKeys) },
        (_, nth) => String.fromCodePoint(FIRST_KEY + nth) + key,
      );
      return Object.fromEntries(keys.map((name) => [name, value]));
    }
    case 'object':
      return Object.fromEntries(
        shape.fields.map(({ name, shape: inner }) => [name, ofShape(inner, maxBatchBytes)]),
      );
  }
}

function longest({ maxLength, rule }: TextShape): string {
  return WIDEST[rule ?? 'any'].repeat(finite(maxLength));
}

function finite(count: number): number {
  if (Number.isFinite(count)) return count;
  throw new Error('the schema has no largest value: a text, a list or a map of it may have any length');
}
