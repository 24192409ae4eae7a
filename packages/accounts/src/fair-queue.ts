/**
 * Items that wait, and whose turn is next. An item comes from a source, written as the networks that it is
 * in, the widest first; networks take turns, and so do those within them:
 *
 *     turns ──┬── 192.0.2.7            a, b, c
 *             └── 2001:db8:0::/48 ──┬── 2001:db8:0:100::/56 ── 2001:db8:0:101::/64   d, e
 *                                   └── 2001:db8:0:200::/56 ── ...
 *
 * It knows neither time nor what an item is. Invariants: items of one source leave in the order in which they
 * came; of networks beside each other every one that waits has one turn a round, so whoever has one item
 * waits for one of each other at most. One that comes anew is first in its round: who asks rarely waits for
 * none of those who always ask.
 */
export class FairQueue<Item> {
  /** Items whose path ends here. */
  readonly #items = new Set<Item>();
  readonly #parts = new Map<string, Part<Item>>();
  #round = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(path: readonly string[], item: Item): void {
    this.#size += 1;
    const [key, ...rest] = path;
    if (key === undefined) {
      this.#items.add(item);
      return;
    }
    let part = this.#parts.get(key);
    if (part === undefined)
      this.#parts.set(key, (part = { queue: new FairQueue(), round: this.#round, isNew: true }));
    // Its round may be one that is to come: it has had the turn of this one.
    if (part.queue.size === 0) {
      part.round = Math.max(part.round, this.#round);
      part.isNew = true;
    }
    part.queue.push(rest, item);
  }

  /** The item whose turn it is; it waits no more. */
  take(): Item | undefined {
    if (this.#size === 0) return undefined;
    this.#size -= 1;
    const item = this.#takeOwn() ?? this.#takeOfPart();
    this.#forgetIfEmpty();
    return item;
  }

  /** The item waits no more. It must be one that waits under this path. */
  delete(path: readonly string[], item: Item): void {
    this.#size -= 1;
    const [key, ...rest] = path;
    if (key === undefined) this.#items.delete(item);
    else this.#parts.get(key)?.queue.delete(rest, item);
    this.#forgetIfEmpty();
  }

  /** How many are taken before one that is pushed now, at most, if nobody else comes. */
  ahead(path: readonly string[]): number {
    const [key, ...rest] = path;
    if (key === undefined) return this.#size;
    const part = this.#parts.get(key);
    const own = part?.queue.ahead(rest) ?? 0;
    const waits = part !== undefined && part.queue.size > 0;
    // Its turn is in this round, before those of others in the same one where it is new.
    const round = own + (waits ? part.round : Math.max(part?.round ?? 0, this.#round));
    const isFirst = own === 0 && (!waits || part.isNew);
    let ahead = this.#items.size + own;
    for (const [other, { queue, round: first, isNew }] of this.#parts) {
      if (other === key) continue;
      const turns = round - first + (isFirst && !isNew ? 0 : 1);
      ahead += Math.min(queue.size, Math.max(0, turns));
    }
    return ahead;
  }

  #takeOwn(): Item | undefined {
    for (const item of this.#items) {
      this.#items.delete(item);
      return item;
    }
    return undefined;
  }

  #takeOfPart(): Item | undefined {
    let next: Part<Item> | undefined;
    for (const [key, part] of this.#parts) {
      if (part.queue.size > 0) {
        if (next === undefined || isBefore(part, next)) next = part;
      } else if (part.round <= this.#round) this.#parts.delete(key);
    }
    if (next === undefined) return undefined;
    this.#round = next.round;
    next.round += 1;
    next.isNew = false;
    return next.queue.take();
  }

  /** Rounds matter among those who wait; when nobody does they begin anew. */
  #forgetIfEmpty(): void {
    if (this.#size > 0) return;
    this.#parts.clear();
    this.#round = 0;
  }
}

/** A network within another one. */
interface Part<Item> {
  readonly queue: FairQueue<Item>;
  /** The round of its next turn. */
  round: number;
  /** Nothing of it waited, and it has had no turn since. */
  isNew: boolean;
}

function isBefore<Item>(one: Part<Item>, other: Part<Item>): boolean {
  if (one.round !== other.round) return one.round < other.round;
  return one.isNew && !other.isNew;
}
