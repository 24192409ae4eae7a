/**
 * Words as large as the protocol allows, in bytes and in characters: titles and attributes that take exactly
 * what a room may say, chats, ids of requests. Letters that take four bytes, and letters that become longer
 * where somebody folds their case or their form.
 */
import { Chance } from '@lobby/players';
import type { Words } from '@lobby/players';

const TITLE_CHARACTERS = 64;
const REQUEST_ID_CHARACTERS = 64;
const CHAT_CHARACTERS = 1_000;
/** Of title and attributes together, in UTF-8. */
const ROOM_TEXT_BYTES = 2_048;

const CLEF = '\u{1d11e}';
/** Four bytes; eighteen letters where it is folded; two letters in lower case, and in upper case. */
const LETTERS = [CLEF, '\ufdfa', '\u0130', '\u00df'];

/** `text`, and as many of `letter` as make it so many characters long. */
export function filledUp(text: string, letter: string, characters: number): string {
  return text + letter.repeat(Math.max(0, characters - [...text].length));
}

/** So many bytes of text, in as few characters as it can be. */
function textOf(bytes: number): string {
  return CLEF.repeat(Math.floor(bytes / 4)) + 'x'.repeat(bytes % 4);
}

/** Attributes that take so many bytes, in `pairs` pairs of about one size. */
function attributesOf(bytes: number, pairs: number): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  let left = bytes;
  for (let nth = 0; nth < pairs; nth += 1) {
    const share = Math.floor(left / (pairs - nth));
    const key = `${nth}`.padEnd(4, 'k');
    attributes[key] = textOf(share - key.length);
    left -= share;
  }
  return attributes;
}

/** Title and attributes that take all that a room may say, beside the attributes that are given. */
export function largestRoomText(
  title: string,
  random: Chance,
  given: Readonly<Record<string, string>> = {},
): { readonly title: string; readonly attributes: Readonly<Record<string, string>> } {
  const long = filledUp(title, random.pick(LETTERS), TITLE_CHARACTERS);
  let left = ROOM_TEXT_BYTES - Buffer.byteLength(long);
  for (const text of Object.entries(given).flat()) left -= Buffer.byteLength(text);
  return { title: long, attributes: { ...given, ...attributesOf(left, random.pick([4, 8, 15])) } };
}

export const LARGEST_WORDS: Words = Object.freeze<Words>({
  room: ({ name, voice }, number) => ({
    ...largestRoomText(`${number}`, new Chance(`${name} ${number}`)),
    requestId: filledUp(`${voice} ${number}`, CLEF, REQUEST_ID_CHARACTERS),
  }),
  chat: (said, length) => (length === 'long' ? filledUp(`${said} `, CLEF, CHAT_CHARACTERS) : said),
});
