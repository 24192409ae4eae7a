/**
 * Runs jobs a few at a time; those that wait take turns by where they come from. A job that would not begin
 * in time is refused at once, one that does not is refused then, and one whose asker has gone is not done.
 * Knows nothing of what a job does.
 *
 *     run ──┬── a slot is free ────────────────▶ running ──▶ settled as the job
 *           ├── its turn would come too late ──▶ overloaded
 *           └── waits ──┬── its turn comes ────▶ running
 *                       ├── patience is over ──▶ overloaded
 *                       └── asker gone at turn ▶ overloaded
 *
 * Invariants: running <= concurrency; a slot that is given up goes straight to the next in turn, so that no
 * newcomer overtakes; what waits is bounded by time, not by number: one source alone may fill all of it, and
 * it makes room for others by their turns.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { AccountError } from './account-error.ts';
import type { Asker } from './accounts.ts';
import { FairQueue } from './fair-queue.ts';

export interface FairPoolOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  /** Milliseconds in which a job must begin. */
  readonly patienceMs: number;
  /** Milliseconds that a job is believed to take before any was measured. */
  readonly jobMs: number;
}

interface Waiting {
  readonly by: Asker;
  readonly begin: () => void;
  readonly refuse: (error: AccountError) => void;
}

/** While some wait who yield, and some who don't, so many of these go before one of those. */
const TURNS_BEFORE_YIELDING = 4;
/** What a job took counts for so much of what the next is believed to take. */
const NEWEST_SHARE = 1 / 8;
/** A process that stood still does not make a job believed longer than this. */
const LONGEST_JOB_MS = 5_000;

export class FairPool {
  readonly #options: FairPoolOptions;
  readonly #first = new FairQueue<Waiting>();
  readonly #yielding = new FairQueue<Waiting>();
  readonly #patience: TimeoutQueue<Waiting>;
  #running = 0;
  #jobMs: number;
  /** Turns of others while somebody yielded. */
  #turnsYielded = 0;

  constructor(options: FairPoolOptions) {
    this.#options = options;
    this.#jobMs = options.jobMs;
    this.#patience = new TimeoutQueue(options.clock, options.patienceMs, (waiting) => this.#tooLate(waiting));
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#first.size + this.#yielding.size;
  }

  /**
   * Throws `overloaded` where a job of this asker would be refused now: for work that comes before the job.
   */
  requireRoom(by: Asker): void {
    if (by.gone()) throw nobodyWaits();
    if (this.#running < this.#options.concurrency) return;
    const { patienceMs, concurrency } = this.#options;
    const beginsInMs = ((this.#ahead(by) + 1) * this.#jobMs) / concurrency;
    if (beginsInMs >= patienceMs) throw overloaded(beginsInMs - patienceMs + this.#jobMs);
  }

  /**
   * Settles as the job does. Rejects with `overloaded`, the job not begun, where it can't begin in time or
   * its asker has gone.
   */
  async run<Result>(by: Asker, job: () => Promise<Result>): Promise<Result> {
    await this.#takeSlot(by);
    const { clock } = this.#options;
    const sinceMs = clock.now();
    try {
      return await job();
    } finally {
      this.#jobMs += (Math.min(clock.now() - sinceMs, LONGEST_JOB_MS) - this.#jobMs) * NEWEST_SHARE;
      this.#running -= 1;
      this.#beginNext();
    }
  }

  async #takeSlot(by: Asker): Promise<void> {
    this.requireRoom(by);
    if (this.#running < this.#options.concurrency) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((begin, refuse) => {
      const waiting: Waiting = { by, begin, refuse };
      this.#queueOf(by).push(by.networks, waiting);
      this.#patience.add(waiting);
    });
  }

  #beginNext(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#patience.delete(next);
      if (next.by.gone()) {
        next.refuse(nobodyWaits());
        continue;
      }
      this.#running += 1;
      next.begin();
      return;
    }
  }

  #take(): Waiting | undefined {
    const isYielded = this.#yielding.size > 0;
    if (this.#first.size === 0 || (isYielded && this.#turnsYielded >= TURNS_BEFORE_YIELDING)) {
      this.#turnsYielded = 0;
      return this.#yielding.take();
    }
    if (isYielded) this.#turnsYielded += 1;
    return this.#first.take();
  }

  /** Jobs that begin before one of this asker, at most, if nobody else comes. */
  #ahead(by: Asker): number {
    const own = this.#queueOf(by).ahead(by.networks);
    const others = by.yields
      ? Math.min(this.#first.size, TURNS_BEFORE_YIELDING * (own + 1))
      : Math.min(this.#yielding.size, Math.floor(own / TURNS_BEFORE_YIELDING) + 1);
    return own + others;
  }

  #queueOf({ yields }: Asker): FairQueue<Waiting> {
    return yields ? this.#yielding : this.#first;
  }

  #tooLate(waiting: Waiting): void {
    const { by, refuse } = waiting;
    this.#queueOf(by).delete(by.networks, waiting);
    refuse(overloaded(this.#jobMs));
  }
}

function overloaded(retryAfterMs: number): AccountError {
  const message = 'Too many names and passwords wait to be checked. Try again in a moment.';
  return new AccountError('overloaded', message, { retryAfterMs: Math.ceil(retryAfterMs) });
}

function nobodyWaits(): AccountError {
  return new AccountError('overloaded', 'Nobody waits for this answer any more: it was not looked for.');
}
