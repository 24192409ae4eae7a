/**
 * A map that forgets: of more than `most` entries it keeps those that were set last and, where it is told a
 * time, none for longer than that. For what is worth knowing for a while, and must not fill the memory of a
 * process.
 *
 * Invariants: entries are in the order in which they were set last, so the first one is the oldest. What a
 * step costs does not grow with the number of entries: the order is a chain, because the first entry of a
 * `Map` is searched for among all that were deleted before it.
 */
import type { Clock, Timer } from './clock.ts';
import { WideMap } from './wide-map.ts';

/** Entries whose time is up and that are forgotten in one turn; the others follow at once. */
const MOST_A_TURN = 1_000;

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

class Link<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly sinceMs: number;
  older: Link<Key, Value> | undefined;
  newer: Link<Key, Value> | undefined;

  constructor(key: Key, value: Value, sinceMs: number) {
    this.key = key;
    this.value = value;
    this.sinceMs = sinceMs;
  }
}

export class RecentMap<Key extends string, Value> implements Iterable<[Key, Value]> {
  readonly #most: number;
  readonly #links = new WideMap<Link<Key, Value>>();
  readonly #forget: Forgetting | undefined;
  readonly #forgotten: ((key: Key, value: Value) => void) | undefined;
  #oldest: Link<Key, Value> | undefined;
  #newest: Link<Key, Value> | undefined;
  /** There is one while there is an entry and a time is set. */
  #timer: Timer | undefined;

  constructor({ most, forget, forgotten }: RecentMapOptions<Key, Value>) {
    this.#most = most;
    this.#forget = forget;
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#links.size;
  }

  /** The oldest first. Entries that are read may be deleted meanwhile, no others. */
  *[Symbol.iterator](): IterableIterator<[Key, Value]> {
    for (let link = this.#oldest; link !== undefined; link = link.newer) yield [link.key, link.value];
  }

  /** Looks, and leaves the entry as old as it is. */
  get(key: Key): Value | undefined {
    return this.#links.get(key)?.value;
  }

  /** Looks, and the entry counts as set now. */
  use(key: Key): Value | undefined {
    const value = this.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** The entry is the newest from now on. */
  set(key: Key, value: Value): void {
    const present = this.#links.get(key);
    if (present !== undefined) this.#unchain(present);
    const link = new Link(key, value, this.#forget?.clock.now() ?? 0);
    this.#links.set(key, link);
    link.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
    if (this.#forget !== undefined) this.#timer ??= this.#setTimer(this.#forget, link);
    if (this.#links.size > this.#most && this.#oldest !== undefined) this.#forgetOne(this.#oldest);
  }

  /** Harmless where there is no such entry. */
  delete(key: Key): void {
    const link = this.#links.get(key);
    if (link === undefined) return;
    this.#links.delete(key);
    this.#unchain(link);
    if (this.#oldest === undefined) this.#stopTimer();
  }

  /** Nothing is left, and no timer. */
  clear(): void {
    this.#links.clear();
    this.#oldest = this.#newest = undefined;
    this.#stopTimer();
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #unchain({ older, newer }: Link<Key, Value>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }

  #forgetOne({ key, value }: Link<Key, Value>): void {
    this.delete(key);
    this.#forgotten?.(key, value);
  }

  /** For the oldest entry; the one that it was set for may have been set again since. */
  #setTimer(forget: Forgetting, { sinceMs }: Link<Key, Value>): Timer {
    const delayMs = Math.max(0, sinceMs + forget.afterMs - forget.clock.now());
    return forget.clock.setTimer(delayMs, () => this.#expire(forget));
  }

  #expire(forget: Forgetting): void {
    this.#timer = undefined;
    for (let left = MOST_A_TURN; left > 0 && this.#oldest !== undefined; left -= 1) {
      if (this.#oldest.sinceMs + forget.afterMs > forget.clock.now()) break;
      this.#forgetOne(this.#oldest);
    }
    if (this.#oldest !== undefined) this.#timer ??= this.#setTimer(forget, this.#oldest);
  }
}
