/**
 * The framing of the limit: a header of 12 bytes like the lobby's (size, topic, kind, seq) and a payload that
 * nobody looks at. It does no more than what a protocol of frames can't do without.
 */

export const HEAD_BYTES = 12;

/** A frame around a payload; `mark` is kept in the header, for whoever wants to know its own again. */
export function framed(payload: Uint8Array, mark = 0): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  frame.writeUInt32BE(HEAD_BYTES - 4 + payload.length, 0);
  frame.writeUInt32BE(0, 4);
  frame.writeUInt32BE(mark, 8);
  frame.set(payload, HEAD_BYTES);
  return frame;
}

export function markOf(frame: Buffer): number {
  return frame.readUInt32BE(8);
}

/** Whole frames out of chunks of any size. What is returned is to be called with each chunk. */
export function deframed(each: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      each(bytes.subarray(at, end));
      at = end;
    }
    rest = at === bytes.length ? undefined : bytes.subarray(at);
  };
}
