/** What a check of a history finds, and what a check is. */

import type { History } from '../history/history.ts';

/** Something in the history that must not be. */
export interface Violation {
  /** When, in milliseconds since the run began. */
  readonly at: number;
  /** What is wrong, in words. */
  readonly words: string;
  /** The client that it befell, where it was one. */
  readonly bot?: string;
  /** Other clients, processes or rooms whose lines explain it. */
  readonly about?: readonly string[];
}

export interface Check {
  /** As the catalogue of invariants names it, such as `I6`. */
  readonly id: string;
  /** The invariant in words. */
  readonly rule: string;
  /** What in this history breaks the rule, in the order of time. It changes nothing. */
  readonly look: (history: History) => Violation[];
}
