/**
 * Lets so many openings a second be finished, and the others wait in the order in which they came. When all
 * services come at once, after a master was restarted, the work that follows each opening comes evenly. Only
 * who has proved who it is waits here, so strangers cost nobody a turn.
 *
 *     proved ──┬── its turn ──▶ welcomed
 *              └── ended while it waited ──▶ costs no turn
 */
import type { Clock, Timer } from '@lobby/net-frame';
import { TokenBucket } from './rate-limit.ts';

/** One that waits. */
export interface Waiting {
  /** It has ended: its turn is the next one's. */
  readonly over: () => boolean;
  readonly goOn: () => void;
}

export class OpeningGate {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#bucket = new TokenBucket(clock, { perSecond, burst: perSecond });
  }

  /** Openings that wait for their turn, those that ended meanwhile included. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Goes on now where it may and nobody waits, else in its turn. */
  admit(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#timer === undefined) this.#goOn();
  }

  /** Nobody's turn comes any more, and no timer is left. */
  clear(): void {
    this.#waiting.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #goOn(): void {
    this.#timer = undefined;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const waitMs = first.over() ? 0 : this.#bucket.take();
      if (waitMs > 0) {
        this.#timer = this.#clock.setTimer(waitMs, () => this.#goOn());
        return;
      }
      this.#waiting.shift();
      if (!first.over()) first.goOn();
    }
  }
}
