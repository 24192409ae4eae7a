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

/** For whom and for what a job is done. */
export interface Turn extends Asker {
  readonly kind: 'login' | 'registration';
}

export interface FairPoolOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  /** Milliseconds in which a job must begin. */
  readonly patienceMs: number;
  /** Milliseconds that a job is believed to take before any was measured. */
  readonly jobMs: number;
}

interface Waiting {
  readonly turn: Turn;
  readonly begin: () => void;
  readonly refuse: (error: AccountError) => void;
}

/** While both kinds wait, so many logins are begun for one registration. */
const LOGINS_A_REGISTRATION = 4;
/** What a job took counts for so much of what the next is believed to take. */
const NEWEST_SHARE = 1 / 8;
/** A process that stood still does not make a job believed longer than this. */
const LONGEST_JOB_MS = 5_000;

export class FairPool {
  readonly #options: FairPoolOptions;
  readonly #queues = { login: new FairQueue<Waiting>(), registration: new FairQueue<Waiting>() };
  readonly #patience: TimeoutQueue<Waiting>;
  #running = 0;
  #jobMs: number;
  /** Logins begun since the last registration that waited. */
  #loginsInARow = 0;

  constructor(options: FairPoolOptions) {
    this.#options = options;
    this.#jobMs = options.jobMs;
    this.#patience = new TimeoutQueue(options.clock, options.patienceMs, (waiting) => this.#tooLate(waiting));
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queues.login.size + this.#queues.registration.size;
  }

  /**
   * Throws `overloaded` where a job of this turn would be refused now: for work that comes before the job.
   */
  requireRoom(turn: Turn): void {
    if (this.#running < this.#options.concurrency) return;
    const { patienceMs, concurrency } = this.#options;
    const beginsInMs = ((this.#ahead(turn) + 1) * this.#jobMs) / concurrency;
    if (beginsInMs >= patienceMs) throw overloaded(beginsInMs - patienceMs + this.#jobMs);
  }

  /**
   * Settles as the job does. Rejects with `overloaded`, the job not begun, where it can't begin in time or
   * its asker has gone.
   */
  async run<Result>(turn: Turn, job: () => Promise<Result>): Promise<Result> {
    await this.#takeSlot(turn);
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

  async #takeSlot(turn: Turn): Promise<void> {
    if (turn.gone()) throw nobodyWaits();
    this.requireRoom(turn);
    if (this.#running < this.#options.concurrency) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((begin, refuse) => {
      const waiting: Waiting = { turn, begin, refuse };
      this.#queues[turn.kind].push(turn.networks, waiting);
      this.#patience.add(waiting);
    });
  }

  #beginNext(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#patience.delete(next);
      if (next.turn.gone()) {
        next.refuse(nobodyWaits());
        continue;
      }
      this.#running += 1;
      next.begin();
      return;
    }
  }

  #take(): Waiting | undefined {
    const { login, registration } = this.#queues;
    const isLogin = login.size > 0 && (registration.size === 0 || this.#loginsInARow < LOGINS_A_REGISTRATION);
    if (!isLogin) {
      this.#loginsInARow = 0;
      return registration.take();
    }
    if (registration.size > 0) this.#loginsInARow += 1;
    return login.take();
  }

  /** Jobs that begin before one of this turn, at most, if nobody else comes. */
  #ahead({ kind, networks }: Turn): number {
    const { login, registration } = this.#queues;
    const own = this.#queues[kind].ahead(networks);
    const others =
      kind === 'login'
        ? Math.min(registration.size, Math.floor(own / LOGINS_A_REGISTRATION) + 1)
        : Math.min(login.size, LOGINS_A_REGISTRATION * (own + 1));
    return own + others;
  }

  #tooLate(waiting: Waiting): void {
    const { turn, refuse } = waiting;
    this.#queues[turn.kind].delete(turn.networks, waiting);
    refuse(overloaded(this.#jobMs));
  }
}

function overloaded(retryAfterMs: number): AccountError {
  const message = 'Too many passwords wait to be checked. Try again in a moment.';
  return new AccountError('overloaded', message, { retryAfterMs: Math.ceil(retryAfterMs) });
}

function nobodyWaits(): AccountError {
  return new AccountError('overloaded', 'Nobody waits for this password any more: it was not checked.');
}
