/**
 * Dice that can be thrown again: words of sfc32 whose whole state comes from a seed and a place, so that one
 * case of millions is had without those before it. The same two give the same numbers on every machine.
 * `Chance` of players has its state from a label, and draws fractions; here whole words are drawn, and a seed
 * must mean what it always meant.
 */
import { Sfc32 } from '@lobby/players';

const WARM_UP_ROUNDS = 8;

export class Dice {
  readonly #words = new Sfc32();

  /** `seed` and `place` are whole numbers from 0 to 2^53-1. `stream` tells uses apart that share both. */
  constructor(seed: number, place: number, stream = 0) {
    this.restart(seed, place, stream);
  }

  /** As if newly made. */
  restart(seed: number, place: number, stream = 0): void {
    const a = mixed(low(seed) ^ mixed(high(seed) + stream));
    const b = mixed(low(place) + 0x9e37_79b9);
    const c = mixed(a ^ mixed(high(place) + 0x85eb_ca6b) ^ b);
    this.#words.seed({ a, b, c }, WARM_UP_ROUNDS);
  }

  /** 0 to 2^32-1. */
  word(): number {
    return this.#words.word();
  }

  /** A whole number from 0 to less than `limit`, which is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * limit);
  }

  /** A whole number from `least` to `most`, both at most 2^32 apart. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.word() * times < 0x1_0000_0000;
  }

  /** One of the items. Throws a `RangeError` where there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.below(items.length)] as T;
  }
}

function low(number: number): number {
  return (number % 0x1_0000_0000) | 0;
}

function high(number: number): number {
  return Math.floor(number / 0x1_0000_0000) | 0;
}

/** Every bit of the word reaches every bit of the result (the finaliser of MurmurHash3). */
function mixed(word: number): number {
  let bits = word | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}
