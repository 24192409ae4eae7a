/**
 * A clock that stands still until it is moved. Timers run in the order of their times, those of one time in
 * the order in which they were set; between two of them everything that can go on without time goes on.
 */
import type { Clock, Timer } from './clock.ts';
import { whenPromisesRest } from './node-platform.ts';
import { TimerHeap } from './timer-heap.ts';

export class VirtualClock implements Clock {
  #now = 0;
  #wallOffset: number;
  readonly #timers = new TimerHeap();
  #turn: (() => void)[] = [];

  /** `wallMs` is the wall clock's time at the beginning. */
  constructor({ wallMs = 1_700_000_000_000 }: { readonly wallMs?: number } = {}) {
    this.#wallOffset = wallMs;
  }

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return Math.floor(this.#wallOffset + this.#now);
  }

  /** Sets the wall clock forward or back; `now()` notices nothing. */
  stepWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#timers.size;
  }

  setTimer(delayMs: number, task: () => void): Timer {
    const timer = this.#timers.add(this.#now + Math.max(0, delayMs), task);
    return { cancel: () => this.#timers.cancel(timer) };
  }

  endOfTurn(task: () => void): void {
    this.#turn.push(task);
  }

  /** Lets everything go on that needs no time: promises, ends of turns, and what follows from them. */
  async settle(): Promise<void> {
    await this.#drive(-Infinity, always);
  }

  /** Moves time by `ms`, and runs all that becomes due on the way. */
  advance(ms: number): Promise<void> {
    return this.run(this.#now + ms);
  }

  /**
   * Moves time to `untilMs`, timer by timer. After each of them, and all that follows from it without time,
   * `goesOn` is asked: where it says no, time stops there. Rejects with what a timer or `goesOn` throws.
   */
  async run(untilMs: number, goesOn: () => boolean = always): Promise<void> {
    if (await this.#drive(untilMs, goesOn)) this.#now = Math.max(this.#now, untilMs);
  }

  /** The process stalls: time passes, nothing runs meanwhile, and then everything that is due runs late. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  /**
   * Resolves with whether it came to the end of what is due. One closure for all of the way and no promise
   * between two timers: a simulation comes by here for each of its events.
   */
  #drive(untilMs: number, goesOn: () => boolean): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    let ran = false;
    const atRest = (): void => {
      try {
        if (this.#turn.length > 0) this.#endTurn();
        else if (ran && !goesOn()) return resolve(false);
        else if (this.#runNext(untilMs)) ran = true;
        else return resolve(true);
      } catch (error) {
        return reject(error);
      }
      whenPromisesRest(atRest);
    };
    whenPromisesRest(atRest);
    return promise;
  }

  #endTurn(): void {
    const tasks = this.#turn;
    this.#turn = [];
    for (const task of tasks) task();
  }

  /** Moves to the next timer that is due, and runs it; false where there is none. */
  #runNext(untilMs: number): boolean {
    const { nextAt } = this.#timers;
    if (nextAt === undefined || nextAt > untilMs) return false;
    this.#now = Math.max(this.#now, nextAt);
    this.#timers.take()?.();
    return true;
  }
}

function always(): boolean {
  return true;
}
