/**
 * What a name may be, and when two names are one user. Knows no accounts and no storage.
 *
 * A name is shown as it was registered, in NFC; its key decides uniqueness and is never shown.
 * Invariant: names that differ only in case, in composition (NFC, NFD) or in compatibility form
 * (full-width letters, ligatures) have one key, and the key of a key is itself; a name that is let in has a
 * key of bounded length, and of the same characters that a name may have: no key holds a space.
 */

/** Code points of a name in NFC. */
export const NAME_CHARACTERS = Object.freeze({ least: 2, most: 24 });
/** Code points of a user's id, at most. Where nothing else says an id, a name's key is one. */
export const MAX_ID_CHARACTERS = 255;
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

/** Most names: nothing of them need be looked at. */
const PLAIN_NAME = new RegExp(`^[A-Za-z0-9_-]{${NAME_CHARACTERS.least},${NAME_CHARACTERS.most}}$`);

/** What a caller is told about a name that {@link parseName} refuses. */
export const NAME_RULE =
  `A name is ${NAME_CHARACTERS.least} to ${NAME_CHARACTERS.most} letters, digits, "_" or "-", ` +
  'none of them a sign for a phrase.';

/**
 * The name in NFC, as it is to be stored and shown; `undefined` when it breaks the rule: 2 to 24 code points
 * after normalisation, letters and digits of any script with their marks, `_` and `-`. Refuses spaces,
 * controls, joiners, symbols, invisible characters and halves of surrogate pairs, and letters that stand for
 * any of these, such as U+FDFA for a phrase: the key keeps the rule too, though it may be as long as an id.
 */
export function parseName(text: string): string | undefined {
  const name = text.normalize('NFC');
  const characters = codePoints(name);
  if (characters < NAME_CHARACTERS.least || characters > NAME_CHARACTERS.most) return undefined;
  if (!hasShape(name)) return undefined;
  if (ASCII.test(name)) return name;
  return keepsRule(userKey(name)) ? name : undefined;
}

/** Whether a key is made of what names are made of, and can be an id where nothing else says one. */
function keepsRule(key: string): boolean {
  const characters = codePoints(key);
  return characters >= NAME_CHARACTERS.least && characters <= MAX_ID_CHARACTERS && hasShape(key);
}

function hasShape(text: string): boolean {
  return SHAPE.test(text) && !INVISIBLE.test(text);
}

/** Names that were looked at; services tell each other the same ones again and again. */
const NAMES = new Set<string>();
const MOST_NAMES = 10_000;

/** Whether this is a name as `parseName` gives it. */
export function isName(text: string): boolean {
  if (PLAIN_NAME.test(text) || NAMES.has(text)) return true;
  if (parseName(text) !== text) return false;
  if (NAMES.size >= MOST_NAMES) NAMES.clear();
  NAMES.add(text);
  return true;
}

/** Whether this can be a user's id: 1 to 255 code points of any kind, as OpenID Connect allows a `sub`. */
export function isUserId(text: string): boolean {
  const characters = codePoints(text);
  return characters >= 1 && characters <= MAX_ID_CHARACTERS && text.isWellFormed();
}

function codePoints(text: string): number {
  return ASCII.test(text) ? text.length : [...text].length;
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
  for (const character of text) folded += FOLDED.get(character) ?? fold(character);
  return folded;
}

/** The runtime folds a character in microseconds, and names come by thousands. */
const FOLDED = new Map<string, string>();
const MOST_FOLDED = 10_000;

function fold(character: string): string {
  const folded = character.toLowerCase().toUpperCase().toLowerCase();
  if (FOLDED.size >= MOST_FOLDED) FOLDED.clear();
  FOLDED.set(character, folded);
  return folded;
}
