/**
 * Chance from a seed: the same label draws the same values. Streams are forked by name and know nothing of
 * each other, so one more draw in one of them changes nothing in the others.
 *
 * Invariant: what a label draws never changes. The traces of the simulation and the seeds in its tests depend
 * on it.
 */
import type { Random } from '@lobby/net-frame';
import { Sfc32 } from './sfc32.ts';

const UINT32 = 2 ** 32;
const WARM_UP_ROUNDS = 12;

export class Chance implements Random {
  readonly #label: string;
  readonly #words = new Sfc32();

  /** The label is the seed: any text. */
  constructor(label: string) {
    this.#label = label;
    const hash = labelHash(label);
    this.#words.seed({ a: hash(), b: hash(), c: hash() }, WARM_UP_ROUNDS);
  }

  /** A stream of its own; the same name always forks the same one. */
  fork(name: string): Chance {
    return new Chance(`${this.#label}/${name}`);
  }

  /** More than 0, less than 1: what waits for a fraction of a time always waits a little. */
  fraction(): number {
    return (this.#words.word() + 0.5) / UINT32;
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 1) bytes[at] = this.#words.word() & 0xff;
    return bytes;
  }

  /** A number from `low` to less than `high`, with fractions. */
  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of these. Throws a `RangeError` where there is none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[Math.floor(this.fraction() * items.length)] as T;
  }

  /** One of these, each as likely as its weight says. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T {
    let left = this.fraction() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return this.pick(items)[1];
  }

  /** The same items in an order of chance. */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    const out: T[] = [];
    while (left.length > 0) out.push(...left.splice(Math.floor(this.fraction() * left.length), 1));
    return out;
  }
}

/** xmur3: as many 32-bit words of a text as are asked for. */
function labelHash(label: string): () => number {
  let hash = 1_779_033_703 ^ label.length;
  for (let at = 0; at < label.length; at += 1) {
    hash = Math.imul(hash ^ label.charCodeAt(at), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    return (hash ^= hash >>> 16) >>> 0;
  };
}
