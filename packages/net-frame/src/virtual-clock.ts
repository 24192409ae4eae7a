/**
 * A clock that stands still until it is moved. Timers run in the order of their times, those of one time in the order in
 * which they were set; between two of them everything that can go on without time goes on.
 */
import type { Clock, Timer } from './clock.ts';
import { turnOfEventLoop } from './node-platform.ts';

interface Waiting {
  readonly at: number;
  readonly task: () => void;
}

export class VirtualClock implements Clock {
  #now = 0;
  #wallOffset: number;
  #waiting: Waiting[] = [];
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
    return this.#waiting.length;
  }

  setTimer(delayMs: number, task: () => void): Timer {
    const waiting = { at: this.#now + Math.max(0, delayMs), task };
    const after = this.#waiting.findIndex((other) => other.at > waiting.at);
    this.#waiting.splice(after === -1 ? this.#waiting.length : after, 0, waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
  }

  endOfTurn(task: () => void): void {
    this.#turn.push(task);
  }

  /** Lets everything go on that needs no time: promises, ends of turns, and what follows from them. */
  async settle(): Promise<void> {
    await turnOfEventLoop();
    while (this.#turn.length > 0) {
      const tasks = this.#turn;
      this.#turn = [];
      for (const task of tasks) task();
      await turnOfEventLoop();
    }
  }

  /** Moves time by `ms`, and runs all that becomes due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next = this.#waiting[0]; next !== undefined && next.at <= end; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await this.settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** The process stalls: time passes, nothing runs meanwhile, and then everything that is due runs late. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }
}
