/**
 * Numbers that grow whatever happens: of logins (epochs), and of grants of seats. Whoever gives them counts
 * its own starts, and gives each start 2^32 of them.
 *
 *     number = incarnation * 2^32 + how many of this incarnation
 *
 * Invariant: a number that can be has an incarnation of at most `MAX_INCARNATION`, and so has the one after
 * it.
 */

export const NUMBERS_PER_INCARNATION = 2 ** 32;

/** A start a minute for two years. Beyond it whole numbers go on: no count of starts ever ends there. */
export const MAX_INCARNATION = 2 ** 20;

/** No number that can be is larger. */
export const MAX_NUMBER = (MAX_INCARNATION + 1) * NUMBERS_PER_INCARNATION - 1;

/** Of which start a number is. */
export function incarnationOf(number: number): number {
  return Math.floor(number / NUMBERS_PER_INCARNATION);
}
