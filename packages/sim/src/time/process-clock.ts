/**
 * The one virtual clock as one process has it: with its own idea of the time of day, timers that may run
 * late, and a standstill while the process is stopped. What comes for a stopped process waits; what comes for
 * a dead one is gone.
 *
 *     running ── pause ──▶ paused ── resume ──▶ running ── die ──▶ dead
 */
import type { Clock, Timer, VirtualClock } from '@lobby/net-frame';

export class ProcessClock implements Clock {
  /** Timers that this process waits for. */
  timers = 0;
  /** By how much its timers are late, in milliseconds; asked for each of them. */
  lag: () => number = () => 0;
  /** Added to the time of day. */
  wallOffsetMs = 0;
  readonly #virtual: VirtualClock;
  readonly #ran: () => void;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #turn: (() => void)[] = [];

  /** `ran` is told whenever something of this process is about to run. */
  constructor(virtual: VirtualClock, ran: () => void) {
    this.#virtual = virtual;
    this.#ran = ran;
  }

  get state(): 'running' | 'paused' | 'dead' {
    return this.#state;
  }

  now(): number {
    return this.#virtual.now();
  }

  wallNow(): number {
    return this.#virtual.wallNow() + this.wallOffsetMs;
  }

  setTimer(delayMs: number, task: () => void): Timer {
    let waits = true;
    this.timers += 1;
    const done = (): void => {
      if (waits) this.timers -= 1;
      waits = false;
    };
    const due = (): void => {
      if (!waits) return;
      done();
      task();
    };
    const timer = this.#virtual.setTimer(delayMs + this.lag(), () => this.run(due));
    return {
      cancel: () => {
        done();
        timer.cancel();
      },
    };
  }

  endOfTurn(task: () => void): void {
    if (this.#turn.push(task) === 1) this.#virtual.endOfTurn(() => this.run(() => this.#endTurn()));
  }

  /** Something comes for this process from outside: a timer, bytes, a connection. */
  run(task: () => void): void {
    if (this.#state === 'dead') return;
    if (this.#state === 'paused') {
      this.#waiting.push(task);
      return;
    }
    this.#ran();
    task();
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** Everything that came meanwhile runs now, one after the other, in the order in which it came. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    for (const task of this.#waiting.splice(0)) this.#virtual.setTimer(0, () => this.run(task));
  }

  die(): void {
    this.#state = 'dead';
    this.#waiting = [];
  }

  #endTurn(): void {
    const tasks = this.#turn;
    this.#turn = [];
    for (const task of tasks) task();
  }
}
