/**
 * A frame: a fixed header of 12 bytes, big-endian, then the payload.
 *
 *     0        4      6    7     8        12
 *     +--------+------+----+-----+--------+----------
 *     | size   | topic|kind|flags| seq    | payload ...
 *     +--------+------+----+-----+--------+----------
 *
 * `size` counts what follows it: 8 + the payload's length. What a topic means and what a payload holds is not
 * known here.
 */

/** Bytes of the whole header. */
export const HEADER_BYTES = 12;
/** Bytes of the header that `size` counts. */
export const COUNTED_HEADER_BYTES = 8;
/** Bytes of the `size` field itself. */
export const SIZE_BYTES = 4;

export const FrameKind = {
  message: 0,
  call: 1,
  reply: 2,
  failure: 3,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const MAX_SEQ = 0xffff_ffff;

const EMPTY = new Uint8Array(0);

/**
 * One frame as it was read. Its payload lies in the chunk that came, which keeps it only until the handler
 * returns: whoever needs it for longer copies it.
 */
export interface Frame {
  /** 0 to 65535. */
  readonly topic: number;
  readonly kind: FrameKind;
  /** 0 on a message, else 1 to 2^32-1. */
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** The bytes of a frame. Ranges are the caller's business: they come from the topic table and a counter. */
export function encodeFrame(
  topic: number,
  kind: FrameKind,
  rest: { readonly seq?: number; readonly payload?: Uint8Array } = {},
): Uint8Array {
  const { seq = 0, payload = EMPTY } = rest;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes.set(payload, HEADER_BYTES);
  writeHeader(bytes, topic, { kind, seq });
  return bytes;
}

/** Writes the header of a frame whose payload stands behind it in the same bytes. */
export function writeHeader(
  frame: Uint8Array,
  topic: number,
  { kind, seq }: { readonly kind: FrameKind; readonly seq: number },
): void {
  const bytes = Buffer.isBuffer(frame) ? frame : Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  bytes.writeUInt32BE(frame.length - SIZE_BYTES, 0);
  bytes.writeUInt16BE(topic, 4);
  bytes[6] = kind;
  bytes[7] = 0;
  bytes.writeUInt32BE(seq, 8);
}

/**
 * The frame that a complete run of bytes holds, for tests and tools; `undefined` where it is not exactly one
 * frame.
 */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.readUInt32BE(0) + SIZE_BYTES !== bytes.length) return undefined;
  return {
    topic: view.readUInt16BE(4),
    kind: view.readUInt8(6) as FrameKind,
    seq: view.readUInt32BE(8),
    payload: view.subarray(HEADER_BYTES),
  };
}
