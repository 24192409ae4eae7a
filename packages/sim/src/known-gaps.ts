/**
 * What is known to be wrong and not mended yet: it ends no run, so that what is not known can be seen behind it. Empty is how this
 * list should be.
 */
interface KnownGap {
  readonly invariant: string;
  readonly words: RegExp;
}

const KNOWN_GAPS: readonly KnownGap[] = [];

export function isKnown(invariant: string, words: string): boolean {
  return KNOWN_GAPS.some((gap) => gap.invariant === invariant && gap.words.test(words));
}
