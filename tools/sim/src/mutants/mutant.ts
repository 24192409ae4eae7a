/**
 * A planted bug: text of the product that is replaced while it is loaded. The product itself holds no switch
 * for it.
 */

import type { Extreme } from '@lobby/sim';

export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  /** The row of the catalogue of faults, or the invariant that it goes against. */
  readonly row: string;
  /** What is wrong then. */
  readonly words: string;
  /** What a seed must have beside ordinary life for it to show: the others are not run. */
  readonly needs?: Extreme;
  readonly edits: readonly Edit[];
}
