/**
 * Numbers grants of seats, so that of two seats of one login the newer is known. room-master stores nothing;
 * what outlives it are its fronts, and each of them tells, when it announces itself, which room-master it
 * knew last. A new one numbers itself above that. That is enough: who asks for a second seat by the same
 * login asks through the same front, which knew whoever gave the first. No clock takes part.
 *
 *     grant = incarnation * 2^32 + how many grants of this incarnation
 */

export const GRANTS_PER_INCARNATION = 2 ** 32;

export class GrantSource {
  #last = GRANTS_PER_INCARNATION;

  /** The number of this room-master; it grows while fronts come that knew one of a larger number. */
  get incarnation(): number {
    return Math.floor(this.#last / GRANTS_PER_INCARNATION);
  }

  /** No larger number was returned or seen so far. */
  get last(): number {
    return this.#last;
  }

  /** Larger than every number that was returned or seen before. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** A front holds a seat of this number. */
  seen(grant: number): void {
    this.#last = Math.max(this.#last, grant);
  }

  /**
   * There was another room-master of this number before. Tells whether this one has taken a larger number for
   * it.
   */
  follow(incarnation: number): boolean {
    if (incarnation < this.incarnation) return false;
    this.#last = (incarnation + 1) * GRANTS_PER_INCARNATION;
    return true;
  }
}
