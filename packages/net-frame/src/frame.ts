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
 * One frame where it lies in the bytes that came, which are the handler's only until it returns: whoever
 * needs a payload for longer copies it.
 */
export class Frame {
  /** 0 to 65535. */
  readonly topic: number;
  readonly kind: FrameKind;
  /** 0 on a message, else 1 to 2^32-1. */
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** The payload goes from here ... */
  readonly from: number;
  /** ... to before here. */
  readonly to: number;

  /** That begins at `at`, and ends before `to`; both must lie in the bytes, and a header between them. */
  constructor(bytes: Uint8Array, at: number, to: number) {
    this.topic = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
    this.kind = bytes[at + 6] as FrameKind;
    this.seq = uint32At(bytes, at + 8);
    this.bytes = bytes;
    this.from = at + HEADER_BYTES;
    this.to = to;
  }

  /** A view of the payload, made when it is asked for. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }
}

/** The four bytes from `at` on, as they stand in a header. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
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
  setUint32(frame, 0, frame.length - SIZE_BYTES);
  frame[4] = topic >>> 8;
  frame[5] = topic;
  frame[6] = kind;
  frame[7] = 0;
  setUint32(frame, 8, seq);
}

function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/**
 * The frame that a complete run of bytes holds, for tests and tools; `undefined` where it is not exactly one
 * frame.
 */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < HEADER_BYTES || uint32At(bytes, 0) + SIZE_BYTES !== bytes.length) return undefined;
  return new Frame(bytes, 0, bytes.length);
}
