/**
 * How much one source may cause to be kept for good: as much as is served in 5 s at once, because many honest
 * people may share a source, and as much again within an hour. A /56 of IPv6 has twice as much, a /48 four
 * times. There is an entry only for what was paid for with work, and it stays for as long as it matters;
 * while there is no room, newcomers wait.
 */
import type { Clock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import { hourlyShare } from './guess-tally.ts';
import type { TallyRule } from './guess-tally.ts';
import { TallyBook } from './tally-book.ts';

export interface SourceQuotaOptions {
  readonly clock: Clock;
  /** Of one source, at once and within an hour. */
  readonly most: number;
  /** Networks that are remembered. */
  readonly remembered?: number;
}

const REMEMBERED = 100_000;
const NO_ROOM_WAIT_MS = 30_000;
/** A network has one tally. */
const ALL = '';

export class SourceQuota {
  readonly #clock: Clock;
  /** By how much wider than a source a network is: `/64`, `/56`, `/48`. */
  readonly #rules: readonly TallyRule[];
  readonly #book: TallyBook;

  constructor({ clock, most, remembered = REMEMBERED }: SourceQuotaOptions) {
    this.#clock = clock;
    this.#rules = [1, 2, 4].map((times) => hourlyShare(most * times));
    this.#book = new TallyBook(remembered);
  }

  /** Networks that are remembered. */
  get size(): number {
    return this.#book.size;
  }

  /**
   * Does the work for who comes from these networks, the widest first; it counts when it was done. Rejects
   * with `throttled`, and the time to wait, where too much was done for one of them.
   */
  async spend<T>(networks: readonly string[], work: () => Promise<T>): Promise<T> {
    const places = networks
      .toReversed()
      .flatMap((network, wider) => this.#rules.slice(wider, wider + 1).map((rule) => ({ network, rule })));
    const nowMs = this.#clock.now();
    const waitMs = Math.max(0, ...places.map(({ network }) => this.#waitMs(network, nowMs)));
    if (waitMs > 0)
      throw new Failure('throttled', 'too many names were registered from there: wait', {
        retryAfterMs: Math.ceil(waitMs),
      });
    const tallies = places.map(({ network, rule }) => this.#book.begin(network, ALL, { rule, nowMs }));
    let done = false;
    try {
      const value = await work();
      done = true;
      return value;
    } finally {
      const endMs = this.#clock.now();
      for (const tally of tallies) tally.end(endMs, done);
      for (const { network } of places) this.#book.drop(network, ALL, endMs);
    }
  }

  #waitMs(network: string, nowMs: number): number {
    const tally = this.#book.find(network, ALL);
    if (tally !== undefined) return tally.waitMs(nowMs);
    return this.#book.hasRoom(this.#rules.length, nowMs) ? 0 : NO_ROOM_WAIT_MS;
  }
}
