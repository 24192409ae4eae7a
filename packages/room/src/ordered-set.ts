/**
 * A set of things in an order that the caller says, in which one is found by its place, and what comes after
 * any point is read in order. Chunks of sorted arrays: eight to twelve bytes an entry, where a tree's node
 * takes a hundred.
 *
 * Invariants: chunks are never empty, hold `MOST` at most, and are in order, one after another. What it costs
 * to add, delete or find grows with the logarithm of the size, and for the place with a number for each
 * chunk: some microseconds among a million.
 */

/**
 * Less than 0 where `a` comes before `b`; 0 for the same entry only. It must not change for an entry that is
 * in the set. A point is what it asks of an entry.
 */
export type Order<Point> = (a: Point, b: Point) => number;

const MOST = 512;

export class OrderedSet<Entry extends Point, Point = Entry> implements Iterable<Entry> {
  readonly #order: Order<Point>;
  readonly #chunks: Entry[][] = [];
  #size = 0;

  constructor(order: Order<Point>) {
    this.#order = order;
  }

  get size(): number {
    return this.#size;
  }

  [Symbol.iterator](): IteratorObject<Entry, undefined> {
    return this.#from(0, 0);
  }

  /** Harmless where it is there already. */
  add(entry: Entry): void {
    // What comes in order, as nearly everything does, is not looked for.
    const last = this.#chunks.at(-1)?.at(-1);
    const isLast = last !== undefined && this.#order(last, entry) < 0;
    const nth = isLast ? this.#chunks.length - 1 : this.#chunkFor(entry);
    const chunk = this.#chunks[nth];
    if (chunk === undefined) {
      this.#chunks.push([entry]);
      this.#size += 1;
      return;
    }
    const at = isLast ? chunk.length : this.#placeIn(chunk, entry);
    const there = chunk[at];
    if (there !== undefined && this.#order(there, entry) === 0) return;
    this.#size += 1;
    if (at === chunk.length) chunk.push(entry);
    else chunk.splice(at, 0, entry);
    // What comes in order fills chunks; what comes in between halves them.
    if (chunk.length > MOST) this.#chunks.splice(nth + 1, 0, chunk.splice(at === MOST ? MOST : MOST / 2));
  }

  /** Returns whether it was there. */
  delete(entry: Entry): boolean {
    const nth = this.#chunkFor(entry);
    const chunk = this.#chunks[nth];
    if (chunk === undefined) return false;
    const at = this.#placeIn(chunk, entry);
    const there = chunk[at];
    if (there === undefined || this.#order(there, entry) !== 0) return false;
    chunk.splice(at, 1);
    this.#size -= 1;
    this.#joinSmall(nth);
    return true;
  }

  /** The entries from a place on, counted from 0. */
  from(place: number): IteratorObject<Entry, undefined> {
    let left = place;
    for (let nth = 0; nth < this.#chunks.length; nth += 1) {
      const { length } = this.#chunks[nth] as Entry[];
      if (left < length) return this.#from(nth, left);
      left -= length;
    }
    return this.#from(this.#chunks.length, 0);
  }

  /** How many entries come up to this point, the point itself included. */
  countTo(point: Point): number {
    const nth = this.#chunkFor(point);
    let count = this.#placeAfter(this.#chunks[nth] ?? [], point);
    for (let before = 0; before < nth; before += 1) count += (this.#chunks[before] as Entry[]).length;
    return count;
  }

  /**
   * The entries that come after this point, whether or not it is itself in the set; all where there is none.
   */
  after(point: Point | undefined): IteratorObject<Entry, undefined> {
    if (point === undefined) return this.#from(0, 0);
    const nth = this.#chunkFor(point);
    const chunk = this.#chunks[nth];
    return this.#from(nth, chunk === undefined ? 0 : this.#placeAfter(chunk, point));
  }

  /** The set must not change while it is read. */
  *#from(nth: number, at: number): Generator<Entry, undefined> {
    for (let place = at; nth < this.#chunks.length; nth += 1, place = 0) {
      const chunk = this.#chunks[nth] as Entry[];
      for (; place < chunk.length; place += 1) yield chunk[place] as Entry;
    }
  }

  /** Two neighbours that are small are joined, so that chunks stay as few as the size asks for. */
  #joinSmall(nth: number): void {
    if (this.#chunks[nth]?.length === 0) this.#chunks.splice(nth, 1);
    this.#join(nth);
    if (nth > 0) this.#join(nth - 1);
  }

  #join(nth: number): void {
    const chunk = this.#chunks[nth];
    const next = this.#chunks[nth + 1];
    if (chunk === undefined || next === undefined || chunk.length + next.length > MOST / 2) return;
    for (const entry of next) chunk.push(entry);
    this.#chunks.splice(nth + 1, 1);
  }

  /** The chunk that has the entry or would get it: the last one that begins at it or before it. */
  #chunkFor(entry: Point): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [first] = this.#chunks[middle] as Entry[];
      if (this.#order(first as Entry, entry) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #placeAfter(chunk: readonly Entry[], point: Point): number {
    const at = this.#placeIn(chunk, point);
    const there = chunk[at];
    return there !== undefined && this.#order(there, point) === 0 ? at + 1 : at;
  }

  #placeIn(chunk: readonly Entry[], entry: Point): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order(chunk[middle] as Entry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
