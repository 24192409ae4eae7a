/**
 * What a name may be, and when two names are one user. Knows no accounts and no storage.
 *
 * A name is shown as it was registered, in NFC; its key decides uniqueness and is never shown.
 * Invariant: names that differ only in case, in composition (NFC, NFD) or in compatibility form
 * (full-width letters, ligatures) have one key, and the key of a key is itself.
 */

const MIN_CHARACTERS = 2;
const MAX_CHARACTERS = 24;

/**
 * Letters and digits of any script, `_` and `-`. Combining marks are part of how Thai, Hindi and many others
 * write, so a letter may bear them: at most four, which every living script keeps to and stacked marks don't.
 * A mark never opens a name or follows `_` or `-`, where it would change the text beside it.
 */
const SHAPE = /^(?:[\p{L}\p{Nd}][\p{Mn}\p{Mc}]{0,4}|[_-])+$/u;

/** Characters that draw nothing (Hangul fillers, variation selectors): two names would look the same. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Of these characters each is its own normal form, and has one lower case. */
const ASCII = /^[\0-\x7f]*$/;

/** What a caller is told about a name that {@link parseName} refuses. */
export const NAME_RULE = `A name is ${MIN_CHARACTERS} to ${MAX_CHARACTERS} letters, digits, "_" or "-".`;

/**
 * The name in NFC, as it is to be stored and shown; `undefined` when it breaks the rule: 2 to 24 code points
 * after normalisation, letters and digits of any script with their marks, `_` and `-`. Refuses spaces,
 * controls, joiners, symbols, invisible characters and halves of surrogate pairs.
 */
export function parseName(text: string): string | undefined {
  const name = text.normalize('NFC');
  const characters = [...name].length;
  if (characters < MIN_CHARACTERS || characters > MAX_CHARACTERS) return undefined;
  return SHAPE.test(name) && !INVISIBLE.test(name) ? name : undefined;
}

/**
 * The key under which a name is unique: equal keys are one user. Never throws; a name that breaks the rule
 * has a key too, that no account has.
 *
 * NFKC rather than NFC, because the compatibility forms are the same letters to a reader: with NFC a
 * full-width "Ａｄｍｉｎ" would be another user than "Admin".
 */
export function userKey(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return foldCase(name.normalize('NFKC')).normalize('NFKC');
}

/**
 * Character by character, so that no neighbour matters (a final sigma is a sigma), and down, up and down
 * again, so that letters with an unequal pair meet ("ß", "ẞ" and "SS").
 */
function foldCase(text: string): string {
  let folded = '';
  for (const character of text) folded += character.toLowerCase().toUpperCase().toLowerCase();
  return folded;
}
