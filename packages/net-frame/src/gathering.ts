/**
 * Frames that leave together, as one chunk of bytes. What goes to many, such as the chats of a room, waits in the same order for
 * each of them: so the bytes that were put together for one session serve the next one too, and are in memory once.
 *
 * Invariant: the bytes are those of the frames, in their order, and nobody changes them.
 */
const NOTHING = new Uint8Array(0);
const NO_FRAMES: readonly Uint8Array[] = Object.freeze([]);

export class Gathering {
  #frames = NO_FRAMES;
  #bytes: Uint8Array = NOTHING;

  /** The bytes of these frames, `byteLength` in all. The list is kept until the next one, and must not change meanwhile. */
  bytesOf(frames: readonly Uint8Array[], byteLength: number): Uint8Array {
    if (frames.length === 1) return frames[0] as Uint8Array;
    if (this.#isLast(frames)) return this.#bytes;
    this.#frames = frames;
    this.#bytes = Buffer.concat(frames, byteLength);
    return this.#bytes;
  }

  /** At the end of a turn: nothing is kept alive. */
  forget(): void {
    this.#frames = NO_FRAMES;
    this.#bytes = NOTHING;
  }

  #isLast(frames: readonly Uint8Array[]): boolean {
    const last = this.#frames;
    if (last.length !== frames.length) return false;
    for (let at = 0; at < frames.length; at += 1) if (last[at] !== frames[at]) return false;
    return true;
  }
}
