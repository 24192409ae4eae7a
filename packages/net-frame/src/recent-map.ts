/**
 * A map that forgets: of more than `most` entries it keeps those that were set last and, where it is told a
 * time, none for longer than that. For what is worth knowing for a while, and must not fill the memory of a
 * process.
 *
 * Invariant: entries are in the order in which they were set last, so the first one is the oldest.
 */
import type { Clock } from './clock.ts';
import { TimeoutQueue } from './timeout-queue.ts';

/** After how long, and on whose clock. */
export interface Forgetting {
  readonly clock: Clock;
  readonly afterMs: number;
}

export interface RecentMapOptions<Key, Value> {
  /** Entries that are kept at most; one more, and the oldest is forgotten. */
  readonly most: number;
  /** An entry that was not set again for so many milliseconds is forgotten; never if left out. */
  readonly forget?: Forgetting;
  /** An entry was forgotten, for either reason. It must not throw. */
  readonly forgotten?: (key: Key, value: Value) => void;
}

export class RecentMap<Key, Value> implements Iterable<[Key, Value]> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();
  readonly #ages: TimeoutQueue<Key> | undefined;
  readonly #forgotten: ((key: Key, value: Value) => void) | undefined;

  constructor({ most, forget, forgotten }: RecentMapOptions<Key, Value>) {
    this.#most = most;
    this.#ages = forget && new TimeoutQueue(forget.clock, forget.afterMs, (key) => this.#forget(key));
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The oldest first. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.#entries.entries();
  }

  /** Looks, and leaves the entry as old as it is. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Looks, and the entry counts as set now. */
  use(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** The entry is the newest from now on. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#ages?.add(key);
    if (this.#entries.size <= this.#most) return;
    for (const oldest of this.#entries.keys()) return this.#forget(oldest);
  }

  /** Harmless where there is no such entry. */
  delete(key: Key): void {
    this.#entries.delete(key);
    this.#ages?.delete(key);
  }

  /** Nothing is left, and no timer. */
  clear(): void {
    this.#entries.clear();
    this.#ages?.clear();
  }

  #forget(key: Key): void {
    const value = this.#entries.get(key) as Value;
    this.delete(key);
    this.#forgotten?.(key, value);
  }
}
