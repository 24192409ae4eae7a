/**
 * What a user may do a few times an hour. Memory is bounded: an entry is made by what was done, and tells
 * nothing after an hour; of too many the oldest goes.
 */
import { RecentMap } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';

const HOUR_MS = 60 * 60_000;
const REMEMBERED = 100_000;

export class HourlyLimit {
  readonly #clock: Clock;
  readonly #most: number;
  /** When it was done within the last hour, by user; the oldest time first. */
  readonly #times = new RecentMap<string, readonly number[]>({ most: REMEMBERED });

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** It is done once more. Throws `throttled`, with the time to wait, where that would be too often. */
  take(key: string): void {
    const nowMs = this.#clock.now();
    const times = (this.#times.get(key) ?? []).filter((time) => nowMs - time < HOUR_MS);
    const [oldest] = times;
    if (oldest !== undefined && times.length >= this.#most)
      throw new Failure('throttled', 'this was done too often within the hour: wait', {
        retryAfterMs: oldest + HOUR_MS - nowMs,
      });
    this.#times.set(key, [...times, nowMs]);
  }
}
