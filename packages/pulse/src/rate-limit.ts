/** A token bucket: so many frames a second in the long run, so many at once. */
import type { Clock } from '@lobby/net-frame';

export interface RateLimit {
  /** Frames a second that are always taken. */
  readonly perSecond: number;
  /** Frames that may come at once after a pause. */
  readonly burst: number;
}

/**
 * What may be lacking of a token because times are fractions: who has waited as long as it had to is served.
 */
const ROUNDING = 1e-6;

export class TokenBucket {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = clock.now();
  }

  /**
   * Takes one token; 0 if there was one, else the milliseconds until there will be. Whoever knows the time,
   * on the clock of this bucket, need not have it read again.
   */
  take(now: number = this.#clock.now()): number {
    this.#fill(now);
    if (this.#tokens < 1 - ROUNDING) return Math.ceil(((1 - this.#tokens) * 1_000) / this.#limit.perSecond);
    this.#tokens -= 1;
    return 0;
  }

  /** The tokens that are there now. */
  get tokens(): number {
    this.#fill(this.#clock.now());
    return this.#tokens;
  }

  /** Nothing was taken for so long that it is as good as a new one. */
  get isFull(): boolean {
    return this.tokens >= this.#limit.burst - ROUNDING;
  }

  /** There are no more tokens in it than so many. */
  lowerTo(tokens: number): void {
    this.#tokens = Math.min(this.tokens, tokens);
  }

  /** Several sessions have one bucket, and one may have read the time before another. */
  #fill(now: number): void {
    if (now <= this.#filledAt) return;
    const { perSecond, burst } = this.#limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1_000);
    this.#filledAt = now;
  }
}
