/**
 * Numbers logins. Two facts make the numbers grow whatever happens: the incarnation is counted in the
 * accounts' storage, so a restarted master begins above all that came before, and a number that a front still
 * holds is never reached again. No clock takes part.
 *
 *     epoch = incarnation * 2^32 + how many logins of this incarnation
 */

const LOGINS_PER_INCARNATION = 2 ** 32;

export class EpochSource {
  #last: number;

  constructor(incarnation: number) {
    this.#last = incarnation * LOGINS_PER_INCARNATION;
  }

  /** Larger than every number that was returned or seen before. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** A front holds a login of this number. */
  seen(epoch: number): void {
    this.#last = Math.max(this.#last, epoch);
  }
}
