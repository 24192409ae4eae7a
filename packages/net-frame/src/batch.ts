/**
 * Frames that leave together, as one chunk of bytes. What goes to many, such as the chats of a room, waits in
 * the same order for each of them: so a batch is its last frame and the batch before it, and whoever waits
 * for the same frames shares the batches, and the bytes that they are put together to.
 *
 *       empty ─▶ [chat 1] ─▶ [chat 1, chat 2]              most of the room
 *                       └──▶ [chat 1, reply] ─▶ ...        who has said the first
 *
 * Invariant: a batch is never changed, and neither are its bytes.
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

  /** All frames, in their order. A frame that is alone is not copied. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= this.byteLength === this.#frame.length ? this.#frame : Batch.#join(this));
  }

  /** Keeps what was made from this alive no longer. */
  forget(): void {
    this.#next = undefined;
  }

  static #join(whole: Batch): Uint8Array {
    const bytes = Buffer.allocUnsafe(whole.byteLength);
    for (let batch = whole; batch.#before !== undefined; batch = batch.#before)
      bytes.set(batch.#frame, batch.#before.byteLength);
    return bytes;
  }
}
