/**
 * Work that nobody waits for, done in turns of the event loop: what is left in the books of a front that is
 * gone. Each work is an iterable of which each item is a step; between two turns everything else goes on.
 *
 *     idle ── add() ──▶ waiting ── a turn of `STEPS_A_TURN` ──┬── work is left ──▶ waiting
 *       ▲                                                     └── all is done ───▶ idle
 *       └───────────── clear() from anywhere: what is left is never done
 *
 * Invariant: a timer is set while, and only while, work is left.
 */
import type { Clock, Timer } from '@lobby/net-frame';

const STEPS_A_TURN = 100;

export class Clearance {
  readonly #clock: Clock;
  #left: Iterator<unknown>[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** No work is left. */
  get idle(): boolean {
    return this.#left.length === 0;
  }

  /** Does this work after all that was added before, from the next turn on. A step must not throw. */
  add(work: Iterable<unknown>): void {
    this.#left.push(work[Symbol.iterator]());
    this.#timer ??= this.#setTimer();
  }

  /** No work is left, and no timer. */
  clear(): void {
    this.#left = [];
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #setTimer(): Timer {
    return this.#clock.setTimer(0, () => this.#turn());
  }

  #turn(): void {
    // The look that finds a work done is a step too: works without steps take turns as well.
    for (let step = 0; step < STEPS_A_TURN && !this.idle; step += 1) {
      const [work] = this.#left;
      if (work?.next().done === true && this.#left[0] === work) this.#left.shift();
    }
    this.#timer = this.idle ? undefined : this.#setTimer();
  }
}
