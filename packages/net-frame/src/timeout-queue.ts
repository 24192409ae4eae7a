/**
 * Many time-outs of one length, kept by one timer: what was added first is due first. For whatever there may
 * be thousands of, such as answers that are owed or reservations that expire.
 *
 * Invariant: an item is due exactly `afterMs` after it was added last, whatever else comes, goes, or comes
 * again while it is due.
 */
import type { Clock, Timer } from './clock.ts';

export class TimeoutQueue<Item> implements Iterable<Item> {
  readonly afterMs: number;
  readonly #clock: Clock;
  readonly #due: (item: Item) => void;
  readonly #sinceMs = new Map<Item, number>();
  #timer: Timer | undefined;
  /** What is due is being called: the timer is set after it, for whoever is first then. */
  #expiring = false;

  /**
   * `due` is called with every item that was not deleted within `afterMs`; it may add it again. It must not
   * throw.
   */
  constructor(clock: Clock, afterMs: number, due: (item: Item) => void) {
    this.#clock = clock;
    this.afterMs = afterMs;
    this.#due = due;
  }

  /** Items that wait. */
  get size(): number {
    return this.#sinceMs.size;
  }

  /** Those that wait, the one that is due first at first. */
  [Symbol.iterator](): IterableIterator<Item> {
    return this.#sinceMs.keys();
  }

  has(item: Item): boolean {
    return this.#sinceMs.has(item);
  }

  /** The time begins, or begins anew, for `item`. */
  add(item: Item): void {
    this.#sinceMs.delete(item);
    this.#sinceMs.set(item, this.#clock.now());
    if (!this.#expiring) this.#timer ??= this.#setTimer(this.afterMs);
  }

  /**
   * `item` is not due any more; where it was the last one, no timer is left. Harmless where it does not wait.
   */
  delete(item: Item): void {
    this.#sinceMs.delete(item);
    if (this.#sinceMs.size === 0) this.clear();
  }

  /**
   * Like `delete`, but the timer stays and finds nobody: for what comes and goes all the time, where a timer
   * set and cancelled for each would cost more than all the rest.
   */
  deleteLazily(item: Item): void {
    this.#sinceMs.delete(item);
  }

  /** Nothing is due any more, and no timer is left. */
  clear(): void {
    this.#sinceMs.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #setTimer(delayMs: number): Timer {
    return this.#clock.setTimer(delayMs, () => this.#expire());
  }

  #expire(): void {
    this.#timer = undefined;
    this.#expiring = true;
    try {
      for (const [item, sinceMs] of this.#sinceMs) {
        if (sinceMs + this.afterMs - this.#clock.now() > 0) break;
        this.#sinceMs.delete(item);
        this.#due(item);
      }
    } finally {
      this.#expiring = false;
      for (const sinceMs of this.#sinceMs.values()) {
        this.#timer = this.#setTimer(Math.max(0, sinceMs + this.afterMs - this.#clock.now()));
        break;
      }
    }
  }
}
