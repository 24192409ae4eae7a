/**
 * The largest that a payload can be once it is encoded, as its schema allows: what bounds must leave room
 * for. An upper bound: every text is of four-byte characters, every number of nine bytes, every header of the
 * longest.
 */
import type { TSchema } from 'typebox';
import { shapeOf } from '../src/typed-codec/shape.ts';
import type { Shape } from '../src/typed-codec/shape.ts';

const BYTES_A_CHARACTER = 4;
const TEXT_HEADER_BYTES = 5;
const COUNT_HEADER_BYTES = 5;
const INTEGER_BYTES = 9;

/** `Infinity` where the schema bounds something not at all, or holds what is not known here. */
export function largestBytes(schema: TSchema): number {
  const shape = shapeOf(schema);
  return shape === undefined ? Infinity : ofShape(shape);
}

function ofShape(shape: Shape): number {
  switch (shape.kind) {
    case 'boolean':
      return 1;
    case 'integer':
      return INTEGER_BYTES;
    case 'bytes':
      return TEXT_HEADER_BYTES + shape.byteLength;
    case 'text':
      return ofText(shape.maxLength);
    case 'array':
      return COUNT_HEADER_BYTES + times(shape.maxItems, ofShape(shape.item));
    case 'map':
      return COUNT_HEADER_BYTES + times(shape.maxKeys, ofText(shape.key.maxLength) + ofShape(shape.value));
    case 'object':
      return shape.fields.reduce(
        (sum, { name, shape: inner }) => sum + ofText(name.length) + ofShape(inner),
        COUNT_HEADER_BYTES,
      );
  }
}

function ofText(characters: number): number {
  return TEXT_HEADER_BYTES + BYTES_A_CHARACTER * characters;
}

function times(count: number, bytes: number): number {
  return count === 0 ? 0 : count * bytes;
}
