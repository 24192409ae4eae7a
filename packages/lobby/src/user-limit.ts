/**
 * What a user may do a few times in a while. Memory is bounded: an entry is made by what was done, and is
 * forgotten when it tells nothing any more; of too many the oldest goes.
 */
import { RecentMap } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';

export interface UserLimitOptions {
  readonly clock: Clock;
  /** How often at most within any `withinMs` milliseconds. */
  readonly most: number;
  readonly withinMs: number;
}

const REMEMBERED = 100_000;

export class UserLimit {
  readonly #options: UserLimitOptions;
  /** When it was done of late, by user; the oldest time first. */
  readonly #times: RecentMap<string, readonly number[]>;

  constructor(options: UserLimitOptions) {
    this.#options = options;
    const { clock, withinMs: afterMs } = options;
    this.#times = new RecentMap({ most: REMEMBERED, forget: { clock, afterMs } });
  }

  /** It is done once more. Throws `throttled`, with the time to wait, where that would be too often. */
  take(key: string): void {
    const { clock, most, withinMs } = this.#options;
    const nowMs = clock.now();
    const times = (this.#times.get(key) ?? []).filter((time) => nowMs - time < withinMs);
    const [oldest] = times;
    if (oldest !== undefined && times.length >= most)
      throw new Failure('throttled', 'this user has done this too often: wait', {
        retryAfterMs: oldest + withinMs - nowMs,
      });
    this.#times.set(key, [...times, nowMs]);
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#times.clear();
  }
}
