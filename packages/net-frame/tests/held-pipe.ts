/**
 * One end of a connection, moved by hand: a test says what comes, what the network takes, and when the
 * connection is over.
 */
import type { Pipe, PipeHandlers } from '../src/index.ts';

export class HeldPipe implements Pipe {
  readonly remoteAddress = 'test:1';
  /** What was written, a buffer for every write. */
  readonly writes: Uint8Array[] = [];
  paused = false;
  ended = false;
  destroyed = false;
  #handlers: PipeHandlers | undefined;
  #takenBytes = 0;
  readonly #takesAll: boolean;

  /** `takesAll`: the network takes every write at once; otherwise only what `take` says. */
  constructor({ takesAll = true }: { readonly takesAll?: boolean } = {}) {
    this.#takesAll = takesAll;
  }

  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  get unsentBytes(): number {
    return this.#takesAll ? 0 : this.written.length - this.#takenBytes;
  }

  open(handlers: PipeHandlers): void {
    this.#handlers = handlers;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  write(bytes: Uint8Array): void {
    if (this.ended || this.destroyed) throw new Error('written after the end');
    this.writes.push(bytes);
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  /** The network takes so many of the bytes that wait; where it has taken all, that is told. */
  take(bytes: number): void {
    this.#takenBytes += bytes;
    if (this.unsentBytes === 0) this.#handlers?.drained?.();
  }

  receive(bytes: Uint8Array): void {
    this.#handlers?.data(bytes);
  }

  /** The connection is over. */
  lose(cause?: Error): void {
    this.#handlers?.closed(cause);
  }
}
