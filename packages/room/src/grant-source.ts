/**
 * Numbers grants of seats, so that of two seats of one user the newer is known. Begins at the wall clock, so that a restarted
 * master is above its forerunner; where the clock was set back, what the fronts report lifts it.
 */
import type { Clock } from '@lobby/net-frame';

export class GrantSource {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Larger than every number that was returned or seen before. */
  next(): number {
    this.#last = Math.max(this.#last + 1, this.#clock.wallNow());
    return this.#last;
  }

  /** A front holds a seat of this number. */
  seen(grant: number): void {
    this.#last = Math.max(this.#last, grant);
  }
}
