/**
 * Acts that are all due at one time, done a little at a time and evenly over a while, so that whoever has
 * something to say meanwhile is served in between. Where turns are long, more is done at a time: all of it is
 * done in the while.
 */
import type { Clock, Timer } from './clock.ts';

/**
 * For acts that cost several system calls each, such as an end or a ping: about half a millisecond's worth.
 */
const ACTS_AT_A_TIME = 8;
/** A timer that is set for less comes as late as one that is set for this. */
const SHORTEST_TIMER_MS = 1;

export class Spread {
  readonly #clock: Clock;
  readonly #overMs: number;
  readonly #whenDone: () => void;
  #acts: readonly (() => void)[] = [];
  #done = 0;
  #beganAt = 0;
  #timer: Timer | undefined;

  /** Spreads over `overMs` milliseconds. `whenDone` is called when nothing is left. */
  constructor(clock: Clock, overMs: number, whenDone: () => void) {
    this.#clock = clock;
    this.#overMs = overMs;
    this.#whenDone = whenDone;
  }

  /** Does the first few at once. What is left of acts that were begun before is given up. */
  begin(acts: readonly (() => void)[]): void {
    this.stop();
    this.#acts = acts;
    this.#done = 0;
    this.#beganAt = this.#clock.now();
    this.#doSome();
  }

  /** Nothing more is done. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#acts = [];
  }

  #doSome(): void {
    const many = this.#acts.length;
    const owed = Math.floor((many * (this.#clock.now() - this.#beganAt)) / this.#overMs);
    const until = Math.min(Math.max(this.#done + ACTS_AT_A_TIME, owed), many);
    while (this.#done < until) this.#acts[this.#done++]?.();
    if (this.#done < this.#acts.length)
      this.#timer = this.#later(Math.floor((this.#overMs * ACTS_AT_A_TIME) / many));
    else this.#whenDone();
  }

  #later(pauseMs: number): Timer {
    if (pauseMs >= SHORTEST_TIMER_MS) return this.#clock.setTimer(pauseMs, () => this.#doSome());
    let isCancelled = false;
    this.#clock.endOfTurn(() => {
      if (!isCancelled) this.#doSome();
    });
    return { cancel: () => (isCancelled = true) };
  }
}
