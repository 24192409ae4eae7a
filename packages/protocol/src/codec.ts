/**
 * MessagePack behind one small interface, on `msgpack-lite`. Bytes of a peer reach it only after
 * `checkStructure` has passed them: by itself msgpack-lite can be made to exhaust the process with a single
 * frame.
 *
 * Invariant: what is decoded is a plain object of plain values; no extension type is ever built.
 */
import { Int64BE, Uint64BE } from 'int64-buffer';
import msgpack from 'msgpack-lite';
import { ProtocolError } from './errors.ts';
import { withSmallValues } from './small-values.ts';
import type { Decode } from './small-values.ts';
import { checkStructure } from './structure-check.ts';

export interface Codec {
  /** The MessagePack map of an object. Keys whose value is `undefined` are left out. Throws `unencodable`. */
  encode(value: object): Uint8Array;
  /**
   * The object of a payload; no bytes at all are an empty map. Throws a `ProtocolError` of code `bad_frame`.
   */
  decode(bytes: Uint8Array): Record<string, unknown>;
}

const MAX_UINT32 = 0xffff_ffff;
const MIN_INT32 = -0x8000_0000;

/**
 * msgpack-lite with every extension type refused (looking one up throws), and the smallest values read by
 * ourselves.
 */
function strictCodec(): msgpack.Codec {
  const codec = msgpack.createCodec({});
  const refuse = (type: number): never => {
    throw new ProtocolError('bad_frame', `bad payload: extension type ${type}`);
  };
  const { decode } = codec as msgpack.Codec & { readonly decode: Decode };
  return Object.assign(codec, { getExtUnpacker: refuse, decode: withSmallValues(decode) });
}

/**
 * What msgpack-lite should write: no undefined, integers beyond 32 bits as integers as far as they are exact,
 * and all bytes as binary (it takes a bare `Uint8Array` for a map of numbers).
 */
function writable(value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || (value <= MAX_UINT32 && value >= MIN_INT32)) return value;
    return value < 0 ? new Int64BE(value) : new Uint64BE(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length);
  if (Array.isArray(value)) return value.map(writable);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = writable(item);
  return copy;
}

export function msgpackLiteCodec(): Codec {
  const codec = strictCodec();
  return {
    encode(value) {
      try {
        return msgpack.encode(writable(value), { codec });
      } catch (error) {
        throw new ProtocolError('unencodable', `a value can't be written as MessagePack: ${String(error)}`);
      }
    },
    decode(bytes) {
      if (bytes.length === 0) return {};
      checkStructure(bytes);
      try {
        const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        return msgpack.decode(view, { codec }) as Record<string, unknown>;
      } catch (error) {
        throw new ProtocolError(
          'bad_frame',
          `bad payload: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
  };
}
