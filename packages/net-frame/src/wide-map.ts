/**
 * A map by text that may have millions of entries. A `Map` that outgrows its table moves all its entries in
 * one step, and does so again when it has shrunk: 150 ms at half a million. Here the entries lie in many
 * maps, each with its share, and a step moves one share.
 *
 * Invariant: an entry is in the share that its key says. A map that was never large is one share, and costs
 * no more than a `Map`.
 */

const SHARES = 256;
/** With so many entries it is spread: one share then has 16. */
const SPREAD_AT = 4_096;

export class WideMap<Value> implements Iterable<[string, Value]> {
  #shares: Map<string, Value>[] = [new Map<string, Value>()];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** In an order of its own. What is added or deleted meanwhile may or may not be seen. */
  [Symbol.iterator](): IteratorObject<[string, Value], undefined> {
    return this.#shares.values().flatMap((share) => share.entries());
  }

  get(key: string): Value | undefined {
    return this.#shareOf(key).get(key);
  }

  has(key: string): boolean {
    return this.#shareOf(key).has(key);
  }

  set(key: string, value: Value): void {
    const share = this.#shareOf(key);
    const before = share.size;
    share.set(key, value);
    this.#size += share.size - before;
    if (this.#size === SPREAD_AT && this.#shares.length === 1) this.#spread();
  }

  /** Returns whether it was there. */
  delete(key: string): boolean {
    const wasThere = this.#shareOf(key).delete(key);
    if (wasThere) this.#size -= 1;
    return wasThere;
  }

  clear(): void {
    this.#shares = [new Map<string, Value>()];
    this.#size = 0;
  }

  #spread(): void {
    const all = this.#shares[0] as Map<string, Value>;
    this.#shares = Array.from({ length: SHARES }, () => new Map<string, Value>());
    for (const [key, value] of all) this.#shareOf(key).set(key, value);
  }

  #shareOf(key: string): Map<string, Value> {
    const shares = this.#shares;
    return shares[shares.length === 1 ? 0 : shareNumber(key)] as Map<string, Value>;
  }
}

/** FNV-1a over the code units, its upper bits folded in. */
function shareNumber(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & (SHARES - 1);
}
