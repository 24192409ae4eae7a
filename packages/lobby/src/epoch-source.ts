/**
 * Numbers logins. Two facts make the numbers grow whatever happens: the incarnation is counted in the
 * accounts' storage, so a restarted master begins above all that came before, and a number that a front still
 * holds is never reached again. No clock takes part.
 *
 *     epoch = incarnation * 2^32 + how many logins of this incarnation
 *
 * Invariant: what fronts say moves the numbers by `LOST_STARTS` incarnations at most, so that no front can
 * use them up.
 */
import { MAX_INCARNATION, MAX_NUMBER, NUMBERS_PER_INCARNATION, incarnationOf } from '@lobby/protocol';

/** A storage that was restored from a backup has forgotten so many starts at most. */
const LOST_STARTS = 1_024;

export class EpochSource {
  readonly #maxIncarnation: number;
  #last: number;

  /** `voided` is the largest number of which the storage knows that such logins have ended. */
  constructor(incarnation: number, voided = 0) {
    const first = Math.min(incarnation, MAX_INCARNATION) * NUMBERS_PER_INCARNATION;
    this.#last = Math.max(first, voided);
    this.#maxIncarnation = Math.min(incarnationOf(this.#last) + LOST_STARTS, MAX_INCARNATION);
  }

  /** Larger than every number that was returned or seen before. */
  next(): number {
    this.#last = Math.min(this.#last + 1, MAX_NUMBER);
    return this.#last;
  }

  /** No larger number was returned or seen so far. */
  get last(): number {
    return this.#last;
  }

  /**
   * Whether a front can hold a login of this number: it was given by this master, or by one before it. Of the
   * numbers that nobody gave here the second half of an incarnation is left out, so that what comes after one
   * that was seen can be, too.
   */
  canBe(epoch: number): boolean {
    if (epoch <= this.#last) return true;
    const isLate = epoch % NUMBERS_PER_INCARNATION >= NUMBERS_PER_INCARNATION / 2;
    return incarnationOf(epoch) <= this.#maxIncarnation && !isLate;
  }

  /** A front holds a login of this number, which can be. */
  seen(epoch: number): void {
    this.#last = Math.max(this.#last, epoch);
  }
}
