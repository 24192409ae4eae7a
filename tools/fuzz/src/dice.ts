/**
 * Chance that can be had again: a small generator (sfc32) whose whole state comes from a seed and a place. The same two give
 * the same numbers on every machine; it has nothing to do with cryptography.
 */

const WARM_UP_ROUNDS = 8;

export class Chance {
  #a = 0;
  #b = 0;
  #c = 0;
  #round = 0;

  /** `seed` and `place` are whole numbers from 0 to 2^53-1. `stream` tells uses apart that share both. */
  constructor(seed: number, place: number, stream = 0) {
    this.restart(seed, place, stream);
  }

  /** As if newly made. */
  restart(seed: number, place: number, stream = 0): void {
    this.#a = mixed(low(seed) ^ mixed(high(seed) + stream));
    this.#b = mixed(low(place) + 0x9e37_79b9);
    this.#c = mixed(this.#a ^ mixed(high(place) + 0x85eb_ca6b) ^ this.#b);
    this.#round = 1;
    for (let left = WARM_UP_ROUNDS; left > 0; left -= 1) this.word();
  }

  /** 0 to 2^32-1. */
  word(): number {
    const sum = (this.#a + this.#b + this.#round) | 0;
    this.#round = (this.#round + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
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
