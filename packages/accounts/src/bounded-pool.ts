/**
 * Runs jobs a few at a time, keeps a bounded number waiting in order, and refuses the rest. Knows nothing of
 * what a job does. Invariant: running <= concurrency, waiting <= queueLimit, and a slot that is given up goes
 * straight to the first in the queue, so that no newcomer overtakes it.
 */
import { AccountError } from './account-error.ts';

export interface BoundedPoolOptions {
  readonly concurrency: number;
  readonly queueLimit: number;
}

export class BoundedPool {
  readonly #options: BoundedPoolOptions;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(options: BoundedPoolOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Settles as the job does. Rejects at once with `overloaded`, the job not started, when the queue is full.
   */
  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    await this.#takeSlot();
    try {
      return await job();
    } finally {
      this.#passSlot();
    }
  }

  async #takeSlot(): Promise<void> {
    if (this.#running < this.#options.concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#queue.length >= this.#options.queueLimit) {
      throw new AccountError('overloaded', 'Too many passwords wait to be checked. Try again in a moment.');
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #passSlot(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
