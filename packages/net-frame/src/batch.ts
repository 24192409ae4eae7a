/**
 * Frames that leave together, as one chunk of bytes. What goes to many, such as the chats of a room, waits in
 * the same order for each of them: so a batch is its last frame and the batch before it, and whoever waits
 * for the same frames shares the batches, and the bytes that they are put together to.
 *
 *       empty ─▶ [chat 1] ─▶ [chat 1, chat 2]              most of the room
 *                       └──▶ [chat 1, reply] ─▶ ...        who has said the first
 *
 * Invariant: a batch is never changed, and neither are its bytes. They may be a view of what others lie in.
 */
const NO_BYTES = new Uint8Array(0);

export class Batch {
  /** Of all frames, in bytes. */
  readonly byteLength: number;
  readonly #before: Batch | undefined;
  readonly #frame: Uint8Array;
  /** The last one that was made from this. */
  #next: Batch | undefined;
  #bytes: Uint8Array | undefined;

  private constructor(before: Batch | undefined, frame: Uint8Array) {
    this.#before = before;
    this.#frame = frame;
    this.byteLength = (before?.byteLength ?? 0) + frame.length;
  }

  /** The batch of no frames, from which others are made. */
  static empty(): Batch {
    return new Batch(undefined, NO_BYTES);
  }

  /** This one and a frame behind it. The frame must not be changed any more. */
  with(frame: Uint8Array): Batch {
    const next = this.#next;
    if (next !== undefined && next.#frame === frame) return next;
    return (this.#next = new Batch(this, frame));
  }

  /** All frames, in their order. Frames that lie one behind the other are not copied, nor is one alone. */
  get bytes(): Uint8Array {
    return (this.#bytes ??=
      this.byteLength === this.#frame.length ? this.#frame : (this.#inPlace() ?? Batch.#join(this)));
  }

  /** Keeps what was made from this alive no longer. */
  forget(): void {
    this.#next = undefined;
  }

  /** A view of all frames, where they lie in their order without anything between them. */
  #inPlace(): Uint8Array | undefined {
    const { buffer, byteOffset, length } = this.#frame;
    const from = byteOffset + length - this.byteLength;
    if (from < 0) return undefined;
    let to = byteOffset;
    for (let batch = this.#before; batch !== undefined; batch = batch.#before) {
      const { length: size } = batch.#frame;
      if (size === 0) continue;
      to -= size;
      if (batch.#frame.byteOffset !== to || batch.#frame.buffer !== buffer) return undefined;
    }
    return Buffer.from(buffer, from, this.byteLength);
  }

  static #join(whole: Batch): Uint8Array {
    const bytes = Buffer.allocUnsafe(whole.byteLength);
    for (let batch = whole; batch.#before !== undefined; batch = batch.#before)
      bytes.set(batch.#frame, batch.#before.byteLength);
    return bytes;
  }
}
