/**
 * Numbers grants of seats, so that of two seats of one login the newer is known. room-master stores nothing;
 * what outlives it are its fronts, and each of them tells, when it announces itself, which room-master it
 * knew last. A new one numbers itself above that. That is enough: who asks for a second seat by the same
 * login asks through the same front, which knew whoever gave the first. No clock takes part.
 *
 *     grant = incarnation * 2^32 + how many grants of this incarnation
 *
 * Invariant: no number is larger than `MAX_NUMBER`, whatever fronts say.
 */
import { MAX_INCARNATION, MAX_NUMBER, NUMBERS_PER_INCARNATION, incarnationOf } from '@lobby/protocol';

export class GrantSource {
  #last = NUMBERS_PER_INCARNATION;

  /** The number of this room-master; it grows while fronts come that knew one of a larger number. */
  get incarnation(): number {
    return incarnationOf(this.#last);
  }

  /** No larger number was returned or seen so far. */
  get last(): number {
    return this.#last;
  }

  /** Larger than every number that was returned or seen before. */
  next(): number {
    this.#last = Math.min(this.#last + 1, MAX_NUMBER);
    return this.#last;
  }

  /**
   * Whether a seat can have been granted by this number: by this room-master, or by one before it of which
   * the seat's runner has told.
   */
  canBe(grant: number): boolean {
    return incarnationOf(grant) <= this.incarnation;
  }

  /** A front holds a seat of this number, which can be. */
  seen(grant: number): void {
    this.#last = Math.max(this.#last, grant);
  }

  /**
   * There was another room-master of this number before. Tells whether this one has taken a larger number for
   * it.
   */
  follow(incarnation: number): boolean {
    const own = Math.min(incarnation + 1, MAX_INCARNATION);
    if (own <= this.incarnation) return false;
    this.#last = own * NUMBERS_PER_INCARNATION;
    return true;
  }
}
