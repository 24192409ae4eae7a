/**
 * Writes a history to a file, a line at a time, and puts the time to each. Lines leave in the order in which
 * they were told; what the disk has not taken yet waits in memory.
 */
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Told } from './history-line.ts';

/** Lines that are written at once. */
const LINES_PER_WRITE = 200;

export class Recorder implements AsyncDisposable {
  readonly file: string;
  readonly #stream: WriteStream;
  readonly #begunMs = performance.now();
  #lines: string[] = [];

  constructor(file: string) {
    this.file = file;
    this.#stream = createWriteStream(file);
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return performance.now() - this.#begunMs;
  }

  /** After the end of the recorder nothing is written any more. */
  tell(told: Told): void {
    if (this.#stream.writableEnded) return;
    const at = Math.round(this.nowMs * 10) / 10;
    this.#lines.push(JSON.stringify({ at, ...told }));
    if (this.#lines.length >= LINES_PER_WRITE) this.#write();
  }

  /** Everything is in the file when it resolves; nothing more is told. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stream.writableEnded) return;
    this.#write();
    this.#stream.end();
    await finished(this.#stream);
  }

  #write(): void {
    if (this.#lines.length === 0) return;
    this.#stream.write(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
