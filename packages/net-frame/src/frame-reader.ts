/**
 * Bytes are pushed in, whole frames come out; where the chunks were cut changes nothing. It knows no socket
 * and no time.
 *
 * A frame that lies whole in a chunk is handed out where it lies. Only the tail of a chunk that ends inside
 * a frame is copied, into a buffer that grows with the bytes that came, never with the length that was
 * declared. The limit is checked as soon as the size field is there.
 */
import { NetFrameError } from './errors.ts';
import { COUNTED_HEADER_BYTES, Frame, FrameKind, HEADER_BYTES, SIZE_BYTES, uint32At } from './frame.ts';

const NOTHING = Buffer.alloc(0);
const SMALLEST_REST_BYTES = 64;

export class FrameReader {
  /**
   * The largest `size` that is read, in bytes; may be changed at any time and holds from the next header on.
   */
  maxFrameBytes: number;
  readonly #onFrame: (frame: Frame) => void;
  /** The beginning of a frame whose end has not come; only the first `#restBytes` count. */
  #rest: Buffer = NOTHING;
  #restBytes = 0;
  /** The bytes of that whole frame, once its header was checked. */
  #frameBytes: number | undefined;
  #stopped = false;
  #paused = false;
  /** What came behind the frame after which it was paused; whole frames and the beginning of one. */
  #waiting: Buffer = NOTHING;

  constructor(maxFrameBytes: number, onFrame: (frame: Frame) => void) {
    this.maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
  }

  /** A frame has begun whose end has not come yet. */
  get partial(): boolean {
    return this.#restBytes > 0;
  }

  /** Bytes wait until `readOn` is called, of which nothing is known yet. */
  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Reads no further than the frame that is being handed out; what is left of its chunk waits for `readOn`.
   */
  pause(): void {
    this.#paused = true;
  }

  /** Goes on with what waits, as `push` would; does nothing where nothing does. */
  readOn(): void {
    const bytes = this.#waiting;
    this.#waiting = NOTHING;
    this.#paused = false;
    this.#read(bytes, 0);
  }

  /** Nothing more is read, not even from the chunk that is being pushed; buffers are let go. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = NOTHING;
    this.#clearRest();
  }

  /**
   * Reads a chunk, and calls the handler once for every frame that is complete by it, unless it is paused
   * meanwhile. Throws a `bad_frame` on the first header that breaks the rules; the reader is of no use after
   * that.
   */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.waiting) {
      this.#waiting = Buffer.concat([this.#waiting, bytes]);
      return;
    }
    this.#paused = false;
    this.#read(bytes, this.#restBytes > 0 ? this.#complete(bytes) : 0);
    // The chunk is the reader's only until it returns.
    if (this.waiting) this.#waiting = Buffer.from(this.#waiting);
  }

  /** Reads from `at` on, as far as it may. */
  #read(bytes: Buffer, at: number): void {
    while (!this.#stopped && at < bytes.length) {
      if (this.#paused) {
        this.#waiting = bytes.subarray(at);
        return;
      }
      const left = bytes.length - at;
      const frameBytes = this.#checkHeader(bytes, at, left);
      if (frameBytes === undefined || left < frameBytes) {
        this.#append(bytes, at, left);
        this.#frameBytes = frameBytes;
        return;
      }
      const to = at + frameBytes;
      this.#onFrame(new Frame(bytes, at, to));
      at = to;
    }
  }

  /** Adds to the frame that an earlier chunk began; returns how many bytes of this chunk belonged to it. */
  #complete(bytes: Buffer): number {
    let at = 0;
    if (this.#restBytes < HEADER_BYTES) {
      at = Math.min(HEADER_BYTES - this.#restBytes, bytes.length);
      this.#append(bytes, 0, at);
    }
    const frameBytes = (this.#frameBytes ??= this.#checkHeader(this.#rest, 0, this.#restBytes));
    if (frameBytes === undefined) return at;
    const taken = Math.min(frameBytes - this.#restBytes, bytes.length - at);
    this.#append(bytes, at, taken);
    at += taken;
    if (this.#restBytes === frameBytes) {
      const whole = this.#rest;
      this.#clearRest();
      this.#onFrame(new Frame(whole, 0, frameBytes));
    }
    return at;
  }

  #clearRest(): void {
    this.#rest = NOTHING;
    this.#restBytes = 0;
    this.#frameBytes = undefined;
  }

  /** The bytes of the whole frame that begins at `at`, or `undefined` while its header is not complete. */
  #checkHeader(bytes: Buffer, at: number, available: number): number | undefined {
    if (available < SIZE_BYTES) return undefined;
    const size = uint32At(bytes, at);
    if (size < COUNTED_HEADER_BYTES)
      throw badFrame(`size ${size} is less than the ${COUNTED_HEADER_BYTES} bytes of a header`);
    if (size > this.maxFrameBytes)
      throw badFrame(`size ${size} is over the limit of ${this.maxFrameBytes} bytes`);
    if (available < HEADER_BYTES) return undefined;
    const kind = bytes[at + 6] as number;
    const flags = bytes[at + 7] as number;
    const seq = uint32At(bytes, at + 8);
    if (kind > FrameKind.failure) throw badFrame(`kind ${kind} is unknown`);
    if (flags !== 0) throw badFrame(`flags are ${flags}, they must be 0`);
    if (kind === FrameKind.message && seq !== 0) throw badFrame(`a message bears seq ${seq}, it must be 0`);
    if (kind !== FrameKind.message && seq === 0) throw badFrame('a call, reply or failure bears seq 0');
    return SIZE_BYTES + size;
  }

  #append(bytes: Buffer, at: number, count: number): void {
    const needed = this.#restBytes + count;
    if (needed > this.#rest.length) {
      const larger = Buffer.allocUnsafe(
        Math.max(SMALLEST_REST_BYTES, needed, Math.min(2 * needed, SIZE_BYTES + this.maxFrameBytes)),
      );
      this.#rest.copy(larger, 0, 0, this.#restBytes);
      this.#rest = larger;
    }
    bytes.copy(this.#rest, this.#restBytes, at, at + count);
    this.#restBytes = needed;
  }
}

function badFrame(what: string): NetFrameError {
  return new NetFrameError('bad_frame', `bad frame: ${what}`);
}
