/**
 * Who reserves seats and does not come. From the third unused reservation in a minute on the user is given no
 * seat for 30 s; whoever checks in begins anew.
 *
 * Invariant: the memory is bounded and can't be flushed. An entry costs a reservation that has stood for
 * seconds; where all places are taken, one more user is not noted, and nobody is forgotten before the minute
 * is over.
 */
import { RecentMap } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';

const COUNTED = 3;
const WITHIN_MS = 60_000;
const THROTTLED_MS = 30_000;
const MOST_USERS = 100_000;

export class UnusedSeats {
  readonly #clock: Clock;
  readonly #most: number;
  /** When the last reservations were over unused, by user. */
  readonly #overAt: RecentMap<string, readonly number[]>;

  constructor(clock: Clock, most: number = MOST_USERS) {
    this.#clock = clock;
    this.#most = most;
    this.#overAt = new RecentMap({ most, forget: { clock, afterMs: WITHIN_MS } });
  }

  get size(): number {
    return this.#overAt.size;
  }

  /** A reservation of the user is over, and nobody came. */
  note(user: string): void {
    const key = userKey(user);
    const before = this.#overAt.get(key);
    if (before === undefined && this.#overAt.size >= this.#most) return;
    this.#overAt.set(key, [...(before ?? []), this.#clock.now()].slice(-COUNTED));
  }

  /** The user has come to a seat. */
  came(user: string): void {
    this.#overAt.delete(userKey(user));
  }

  /** Milliseconds until the user may have a seat again; 0 where it may now. */
  throttledForMs(user: string): number {
    const overAt = this.#overAt.get(userKey(user)) ?? [];
    const [first = 0] = overAt;
    const last = overAt.at(-1) ?? 0;
    if (overAt.length < COUNTED || last - first > WITHIN_MS) return 0;
    return Math.max(0, Math.ceil(last + THROTTLED_MS - this.#clock.now()));
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#overAt.clear();
  }
}
