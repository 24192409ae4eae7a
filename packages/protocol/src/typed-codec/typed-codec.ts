/**
 * A codec for one fixed shape, generated from its schema at start. One pass over the bytes reads them, checks structure and
 * limits, and checks types and ranges while it builds the object; nothing is allocated for a length that was only declared.
 *
 * It knows one answer: the object. Bytes that it does not take may still be right (a key that this version doesn't know) or
 * wrong in one of many ways; which, the general codec says, in time linear in the bytes. So both always agree.
 */
import type { TSchema } from 'typebox';
import { Cursor, MISMATCH } from './cursor.ts';
import { generateReader } from './generate-reader.ts';
import { generateWriter } from './generate-writer.ts';
import { Scratch } from './scratch.ts';
import { shapeOf } from './shape.ts';

export interface TypedCodec {
  /** The object that the bytes hold, or `undefined` where the general codec must say what they are. */
  read(bytes: Uint8Array): object | undefined;
  /** The MessagePack of the object, after `headBytes` bytes that are the caller's to fill; `undefined` as above. */
  write(value: object, headBytes: number): Uint8Array | undefined;
}

const cursor = new Cursor();
const scratch = new Scratch();
/** A scratch that one large payload has grown is not kept for ever. */
const MOST_SCRATCH_BYTES = 256 * 1024;

/** `undefined` where the schema is not of the kind that can be generated for, see `shapeOf`. */
export function typedCodec(schema: TSchema): TypedCodec | undefined {
  const shape = shapeOf(schema);
  if (shape?.kind !== 'object') return undefined;
  const readShape = generateReader(shape);
  const writeShape = generateWriter(shape);
  return Object.freeze({
    read(bytes: Uint8Array): object | undefined {
      cursor.bytes = Buffer.isBuffer(bytes)
        ? bytes
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      cursor.at = 0;
      try {
        const value = readShape(cursor);
        cursor.end();
        return value as object;
      } catch (error) {
        if (error === MISMATCH) return undefined;
        throw error;
      }
    },
    write(value: object, headBytes: number): Uint8Array | undefined {
      scratch.at = headBytes;
      try {
        writeShape(scratch, value as never);
      } catch (error) {
        if (error === MISMATCH) return undefined;
        throw error;
      }
      const frame = Buffer.allocUnsafe(scratch.at);
      scratch.bytes.copy(frame, 0, 0, scratch.at);
      if (scratch.bytes.length > MOST_SCRATCH_BYTES) scratch.bytes = Buffer.allocUnsafe(MOST_SCRATCH_BYTES);
      return frame;
    },
  });
}
