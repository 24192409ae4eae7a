/**
 * Names that look different and are one user's, or nearly: in case, in composition, in compatibility forms.
 * Each list is one user; that it is, the tests of the name rule say.
 */
import type { Chance } from '@lobby/players';

const SPELLINGS: readonly (readonly string[])[] = [
  ['Ana', 'ANA', 'ａｎａ', 'Ａna'],
  ['Zoë-1', 'zoe\u0308-1', 'ZOË-1', 'ＺＯＥ\u0308-１'],
  ['ﬁnﬂor', 'finflor', 'FINFLOR', 'ﬁnFLOR'],
  ['straße', 'STRASSE', 'STRAẞE', 'ſtraſſe'],
  // As long as a name may be, four bytes a letter.
  ['\u{10400}'.repeat(24), '\u{10428}'.repeat(24), '\u{10400}\u{10428}'.repeat(12)],
  // One letter each that stands for four: six of them are the same as twenty-four.
  ['\ufdf2'.repeat(6), 'الله'.repeat(6)],
  // A name of 24 letters, whose key has more than four hundred.
  ['\ufdfa'.repeat(24)],
];

/** For each of so many users the spellings of the name. */
export function spellings(random: Chance, users: number): readonly (readonly string[])[] {
  return random.shuffled(SPELLINGS).slice(0, users);
}
