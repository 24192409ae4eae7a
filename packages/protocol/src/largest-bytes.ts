/**
 * The largest that a payload can be once it is encoded, as its schema allows: what bounds must leave room
 * for. Exact for what is written here: every text of four-byte characters, every list and map full, every
 * number the one that takes most.
 */
import type { TSchema } from 'typebox';
import { countHeaderBytes, encodedBytes, textHeaderBytes } from './encoded-bytes.ts';
import { TEXT_RULES } from './text-rules.ts';
import { shapeOf } from './typed-codec/shape.ts';
import type { Shape, TextShape } from './typed-codec/shape.ts';

const BYTES_A_CHARACTER = 4;

const known = new WeakMap<TSchema, number>();

/**
 * Bytes of the payload without its frame's header. `Infinity` where the schema bounds something not at all,
 * or holds what the typed codec does not know. Found once for each schema.
 */
export function largestBytes(schema: TSchema): number {
  let bytes = known.get(schema);
  if (bytes === undefined) {
    const shape = shapeOf(schema);
    bytes = shape === undefined ? Infinity : ofShape(shape);
    known.set(schema, bytes);
  }
  return bytes;
}

function ofShape(shape: Shape): number {
  switch (shape.kind) {
    case 'boolean':
      return 1;
    case 'integer':
      return Math.max(encodedBytes(shape.minimum), encodedBytes(shape.maximum));
    case 'bytes':
      return encodedBytes(new Uint8Array(shape.byteLength));
    case 'text':
      return ofText(bytesEach(shape) * shape.maxLength);
    case 'array':
      return ofMany(shape.maxItems, ofShape(shape.item));
    case 'map':
      return ofMany(shape.maxKeys, ofText(bytesEach(shape.key) * shape.key.maxLength) + ofShape(shape.value));
    case 'object':
      return shape.fields.reduce(
        (sum, { name, shape: inner }) => sum + ofText(name.length) + ofShape(inner),
        countHeaderBytes(shape.fields.length),
      );
  }
}

function bytesEach({ rule }: TextShape): number {
  return rule === undefined ? BYTES_A_CHARACTER : TEXT_RULES[rule].bytesEach;
}

function ofText(bytes: number): number {
  return textHeaderBytes(bytes) + bytes;
}

function ofMany(count: number, bytesEach: number): number {
  return countHeaderBytes(count) + (count === 0 ? 0 : count * bytesEach);
}
