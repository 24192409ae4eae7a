/**
 * Opens a pipe and keeps what it tells, for the tests of transports. Nothing is waited for by time: what
 * never comes hangs.
 */
import type { Pipe } from '../src/index.ts';

export class PipeLog {
  readonly pipe: Pipe;
  /** Every chunk as text, and `closed` for each time that the end was told, in order. */
  readonly told: string[] = [];
  #bytes = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(pipe: Pipe) {
    this.pipe = pipe;
    pipe.open({
      data: (chunk) => {
        this.told.push(Buffer.from(chunk).toString('latin1'));
        this.#bytes = Buffer.concat([this.#bytes, chunk]);
        this.#wake();
      },
      closed: () => {
        this.told.push('closed');
        this.#wake();
      },
    });
  }

  /** Everything that came. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get text(): string {
    return this.#bytes.toString('latin1');
  }

  get ends(): number {
    return this.told.filter((event) => event === 'closed').length;
  }

  /** Resolves when so many bytes have come. */
  async has(count: number): Promise<void> {
    while (this.#bytes.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when the end was told. */
  async closed(): Promise<void> {
    while (this.ends === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
