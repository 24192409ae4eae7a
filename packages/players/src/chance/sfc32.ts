/**
 * sfc32: a generator of 32-bit words, small, fast, and good enough to pass PractRand. It has nothing to do
 * with cryptography. Where its state comes from is the caller's business: `Chance` takes it from a label, the
 * fuzzer from two numbers.
 *
 * Invariant: the same state gives the same words on every machine.
 */
export interface Sfc32State {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export class Sfc32 {
  #a = 0;
  #b = 0;
  #c = 0;
  #round = 0;

  /** Begins anew from three words, and passes over the first `warmUpRounds` of what comes. */
  seed(state: Sfc32State, warmUpRounds: number): void {
    this.#a = state.a;
    this.#b = state.b;
    this.#c = state.c;
    this.#round = 1;
    for (let left = warmUpRounds; left > 0; left -= 1) this.word();
  }

  /** A whole number from 0 to 2^32-1. */
  word(): number {
    const sum = (this.#a + this.#b + this.#round) | 0;
    this.#round = (this.#round + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
