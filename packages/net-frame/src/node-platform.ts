/**
 * The real platform: Node's monotonic clock and timers, its strong randomness, TCP. The only file of the
 * libraries that touches any of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Timer } from './clock.ts';
import type { Platform, Random } from './platform.ts';
import { tcpTransport } from './tcp-transport.ts';
import type { Transport } from './transport.ts';

const FRACTION_STEPS = 2 ** 47;

class NodeClock implements Clock {
  #tasks: (() => void)[] = [];
  /**
   * Runs a task in the async context in which this clock was made. Node would run it in that of whoever sets
   * a timer, and all tasks of a turn in that of the first: then frames of one session would be read in the
   * name of what another one has asked for.
   */
  readonly #outside = AsyncLocalStorage.snapshot();

  now(): number {
    return performance.now();
  }

  wallNow(): number {
    return Date.now();
  }

  setTimer(delayMs: number, task: () => void): Timer {
    const timeout = setTimeout(this.#outside, delayMs, task);
    return { cancel: () => clearTimeout(timeout) };
  }

  /**
   * All tasks of a turn share one immediate: it runs when the poll phase has handed out what the sockets had.
   */
  endOfTurn(task: () => void): void {
    if (this.#tasks.push(task) === 1) setImmediate(this.#outside, this.#endTurn);
  }

  readonly #endTurn = (): void => {
    const tasks = this.#tasks;
    this.#tasks = [];
    let done = 0;
    try {
      while (done < tasks.length) (tasks[done++] as () => void)();
    } finally {
      // One that throws takes none of the others with it.
      if (done < tasks.length)
        this.endOfTurn(() => tasks.slice(done).forEach((task) => this.endOfTurn(task)));
    }
  };
}

class NodeRandom implements Random {
  fraction(): number {
    return randomInt(FRACTION_STEPS) / FRACTION_STEPS;
  }

  bytes(count: number): Uint8Array {
    return randomBytes(count);
  }
}

/** One per process. `transport` is TCP unless another is given. */
export function nodePlatform({
  transport = tcpTransport(),
}: { readonly transport?: Transport } = {}): Platform {
  let lastKey = 0;
  return Object.freeze({
    clock: new NodeClock(),
    random: new NodeRandom(),
    transport,
    nextSessionKey: () => (lastKey += 1),
  });
}

const RESOLVED = Promise.resolve();

/**
 * Calls `task` when every promise that could go on has gone on. No turn of the event loop passes: what the
 * system owes is not awaited.
 */
export function whenPromisesRest(task: () => void): void {
  // From within a promise's task a tick comes when no such task is left, and not before.
  void RESOLVED.then(() => process.nextTick(task));
}
