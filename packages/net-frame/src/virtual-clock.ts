/**
 * A clock that stands still until it is moved. Timers run in the order of their times, those of one time in the order in
 * which they were set; between two of them everything that can go on without time goes on.
 */
import type { Clock, Timer } from './clock.ts';
import { promisesAtRest } from './node-platform.ts';
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
    await promisesAtRest();
    while (this.#turn.length > 0) {
      const tasks = this.#turn;
      this.#turn = [];
      for (const task of tasks) task();
      await promisesAtRest();
    }
  }

  /** Moves to the next timer that is due by `untilMs`, if there is one, and runs it and all that follows without time. */
  async step(untilMs: number): Promise<boolean> {
    const { nextAt } = this.#timers;
    if (nextAt === undefined || nextAt > untilMs) return false;
    this.#now = Math.max(this.#now, nextAt);
    this.#timers.take()?.();
    await this.settle();
    return true;
  }

  /** Moves time by `ms`, and runs all that becomes due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    while (await this.step(end));
    this.#now = Math.max(this.#now, end);
  }

  /** The process stalls: time passes, nothing runs meanwhile, and then everything that is due runs late. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }
}
