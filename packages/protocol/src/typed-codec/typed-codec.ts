/**
 * A codec for one fixed shape, generated from its schema at start. One pass over the bytes reads them, checks
 * structure and limits, and checks types and ranges while it builds the object; nothing is allocated for a
 * length that was only declared.
 *
 * `read` knows one answer: the object. Bytes that it does not take may still be right (a key that this
 * version doesn't know) or wrong in one of many ways. Whether they are well-formed at all `checkStructure`
 * says then, and `explain` the rest; neither builds what will be thrown away.
 */
import type { TSchema } from 'typebox';
import type { Fault } from '../first-fault.ts';
import { Cursor, MISMATCH } from './cursor.ts';
import { explainingReader } from './explaining-reader.ts';
import type { Explained } from './explaining-reader.ts';
import { generateReader } from './generate-reader.ts';
import { generateWriter } from './generate-writer.ts';
import { Scratch } from './scratch.ts';
import { shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

export interface TypedCodec {
  /**
   * The object that stands in the bytes from `from` to before `to`, or `undefined` where they must be looked
   * at more closely.
   */
  read(bytes: Uint8Array, from: number, to: number): object | undefined;
  /**
   * What `read` has not taken: the object after all, or its first fault. With `leftOut`, records of batches
   * that have a fault are left out, and their faults put there. Only for bytes that `checkStructure` has
   * passed.
   */
  explain(bytes: Uint8Array, leftOut?: Fault[]): Explained;
  /**
   * The MessagePack of the object, after `headBytes` bytes that are the caller's to fill; `undefined` where
   * the general codec must write it. It is a view, see `Scratch`.
   */
  write(value: object, headBytes: number): Uint8Array | undefined;
}

const cursor = new Cursor();
const scratch = new Scratch();

/** `undefined` where the schema is not of the kind that can be generated for, see `shapeOf`. */
export function typedCodec(schema: TSchema): TypedCodec | undefined {
  const shape = shapeOf(schema);
  if (shape?.kind !== 'object') return undefined;
  const severalTexts = textsIn(shape) > 1;
  const readShape = generateReader(shape);
  const explainShape = explainingReader(shape);
  const writeShape = generateWriter(shape);
  return Object.freeze({
    read(bytes: Uint8Array, from: number, to: number): object | undefined {
      cursor.begin(asBuffer(bytes), { from, to, severalTexts });
      try {
        const value = readShape(cursor);
        cursor.finish();
        return value as object;
      } catch (error) {
        if (error === MISMATCH) return undefined;
        throw error;
      }
    },
    explain(bytes: Uint8Array, leftOut?: Fault[]): Explained {
      cursor.begin(asBuffer(bytes), { from: 0, to: bytes.length, severalTexts });
      return explainShape(cursor, leftOut);
    },
    write(value: object, headBytes: number): Uint8Array | undefined {
      scratch.begin(headBytes);
      try {
        writeShape(scratch, value as never);
      } catch (error) {
        if (error === MISMATCH) return undefined;
        throw error;
      }
      return scratch.take();
    },
  });
}

/** Texts that the object has in any case, not counting those of lists and maps. */
function textsIn(shape: Shape): number {
  if (shape.kind === 'text') return 1;
  if (shape.kind !== 'object') return 0;
  return shape.fields.reduce((sum, { optional, shape: field }) => (optional ? sum : sum + textsIn(field)), 0);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
