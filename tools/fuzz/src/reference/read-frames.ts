/**
 * Cuts bytes into frames by the letter of the protocol's page: what any reader of frames should say of a
 * stream.
 */

export interface FrameRecord {
  readonly topic: number;
  readonly kind: number;
  readonly seq: number;
  readonly payload: Uint8Array;
}

export interface Stream {
  /** The frames that are complete before the stream ends or goes bad. */
  readonly frames: readonly FrameRecord[];
  /** What comes after them: nothing, the beginning of a frame, or what is none. */
  readonly end: 'whole' | 'partial' | 'bad';
}

export function readFrames(bytes: Buffer, maxFrameBytes: number): Stream {
  const frames: FrameRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at;
    if (left < 4) return { frames, end: 'partial' };
    const size = bytes.readUInt32BE(at);
    if (size < 8 || size > maxFrameBytes) return { frames, end: 'bad' };
    if (left < 12) return { frames, end: 'partial' };
    const kind = bytes.readUInt8(at + 6);
    const seq = bytes.readUInt32BE(at + 8);
    if (kind > 3 || bytes[at + 7] !== 0 || (kind === 0) !== (seq === 0)) return { frames, end: 'bad' };
    if (left < 4 + size) return { frames, end: 'partial' };
    const payload = bytes.subarray(at + 12, at + 4 + size);
    frames.push({ topic: bytes.readUInt16BE(at + 4), kind, seq, payload });
    at += 4 + size;
  }
  return { frames, end: 'whole' };
}
