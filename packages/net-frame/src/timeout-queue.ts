/**
 * Many time-outs of one length, kept by one timer: what was added first is due first. For whatever there may be thousands
 * of, such as reservations that expire.
 */
import type { Clock, Timer } from './clock.ts';

export class TimeoutQueue<Item> implements Iterable<Item> {
  readonly afterMs: number;
  readonly #clock: Clock;
  readonly #due: (item: Item) => void;
  readonly #sinceMs = new Map<Item, number>();
  #timer: Timer | undefined;

  /** `due` is called with every item that was not removed within `afterMs`; it must not throw. */
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
    this.#timer ??= this.#clock.setTimer(this.afterMs, () => this.#expire());
  }

  /** `item` is not due any more. Harmless where it does not wait. */
  delete(item: Item): void {
    this.#sinceMs.delete(item);
    if (this.#sinceMs.size === 0) this.clear();
  }

  /** Nothing is due any more, and no timer is left. */
  clear(): void {
    this.#sinceMs.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    for (const [item, sinceMs] of this.#sinceMs) {
      const leftMs = sinceMs + this.afterMs - this.#clock.now();
      if (leftMs > 0) {
        this.#timer ??= this.#clock.setTimer(leftMs, () => this.#expire());
        return;
      }
      this.#sinceMs.delete(item);
      this.#due(item);
    }
  }
}
