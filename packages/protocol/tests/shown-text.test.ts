/**
 * Text of others on a screen: over all characters that there are, and in the company that makes them needed.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapedJson, escapedText, readableText } from '../src/index.ts';

const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = [0xd800, 0xdfff] as const;

/** What acts on a screen without being seen, range by range, from the charts of Unicode. */
const UNSEEN: readonly (readonly [number, number])[] = [
  // C0, DEL and C1; soft hyphen, grapheme joiner, Arabic mark, Hangul fillers, Khmer inherent vowels.
  ...[[0x00, 0x1f] as const, [0x7f, 0x9f] as const, [0xad, 0xad] as const, [0x34f, 0x34f] as const],
  ...[[0x61c, 0x61c] as const, [0x115f, 0x1160] as const, [0x17b4, 0x17b5] as const],
  // Mongolian selectors; zero-width and marks of direction; line and paragraph; embeddings and overrides.
  ...[[0x180b, 0x180f] as const, [0x200b, 0x200f] as const, [0x2028, 0x202e] as const],
  // Invisible operators, isolates; Hangul filler, selectors, byte order mark, halfwidth filler.
  ...[[0x2060, 0x206f] as const, [0x3164, 0x3164] as const, SURROGATES, [0xfe00, 0xfe0f] as const],
  ...[[0xfeff, 0xfeff] as const, [0xffa0, 0xffa0] as const, [0xfff0, 0xfffb] as const],
  // Shorthand and musical controls; tags and more selectors.
  ...[[0x1bca0, 0x1bca3] as const, [0x1d173, 0x1d17a] as const, [0xe0000, 0xe0fff] as const],
];

const unseen = new Uint8Array(LAST_CODE_POINT + 1);
for (const [from, to] of UNSEEN) unseen.fill(1, from, to + 1);
const isUnseen = (codePoint: number): boolean => unseen[codePoint] === 1;

/** The code points for which it does not hold, of all that there are. */
function faults(holds: (character: string, codePoint: number) => boolean): string[] {
  const found: string[] = [];
  for (let codePoint = 0; codePoint <= LAST_CODE_POINT; codePoint += 1)
    if (!holds(String.fromCodePoint(codePoint), codePoint)) found.push(codePoint.toString(16));
  return found;
}

const someOf = ([from, to]: readonly [number, number]): fc.Arbitrary<number> =>
  fc.integer({ min: from, max: to });
const anyText = fc.string({
  unit: fc
    .oneof(
      fc.nat(LAST_CODE_POINT),
      ...UNSEEN.map(someOf),
      fc.constantFrom(...[...'aבقक്ខ葛ᠮ❤👩🏴1'].map((one) => one.codePointAt(0) ?? 0)),
    )
    .map((codePoint) => String.fromCodePoint(codePoint)),
  size: 'medium',
});
const acting = UNSEEN.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('');
const ACTING = new RegExp(`[${acting}]`, 'u');

describe('A21: of all characters', () => {
  it('a log shows those that are not seen by their number, and every other as it is', () => {
    const wrong = faults(
      (character, codePoint) =>
        escapedText(character) === (isUnseen(codePoint) ? `\\u{${codePoint.toString(16)}}` : character),
    );
    expect(wrong).toEqual([]);
  });

  it('JSON keeps each, and shows none that is not seen', () => {
    const wrong = faults((character, codePoint) => {
      const json = escapedJson(JSON.stringify(character));
      return JSON.parse(json) === character && (!isUnseen(codePoint) || /^"\\[ -~]+"$/.test(json));
    });
    expect(wrong).toEqual([]);
  });

  it('a chat shows a dot for those that are not seen, where nothing stands before them', () => {
    const wrong = faults(
      (character, codePoint) => readableText(character) === (isUnseen(codePoint) ? '·' : character),
    );
    expect(wrong).toEqual([]);
  });
});

describe('A21: a text', () => {
  it('of any characters in a log has none that acts', () => {
    fc.assert(fc.property(anyText, (text) => expect(ACTING.test(escapedText(text))).toBe(false)));
  });

  it('of any characters in a chat has none that moves the cursor, turns the order or hides text', () => {
    const never = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0001}-\u{e001f}]|\p{Cs}/u;
    fc.assert(
      fc.property(anyText, (text) => {
        const read = readableText(text);
        expect(never.test(read)).toBe(false);
        expect([...read].length).toBe([...text].length);
      }),
    );
  });

  it.each([
    ['emoji with joiners and selectors', '👩‍👩‍👧 ❤️ ❤︎ 1️⃣ 👍🏽 🇰🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['Persian with its joiners', 'می\u200cخواهم'],
    ['Hindi and Malayalam', 'क्\u200dष ന്\u200d'],
    ['Khmer with breaks of no width', 'សួស្តី\u200bបង'],
    ['a name with an ideographic variant', '葛\u{e0100}城'],
    ['Hebrew, Korean and plain text', 'שלום 안녕 hello, world'],
  ])('of %s is read in a chat as it was written', (_, text) => {
    expect(readableText(text)).toBe(text);
  });

  it.each([
    ['joiners between letters that have none', 'a\u200db\u200cc', 'a·b·c'],
    ['a second joiner', 'क्\u200d\u200dष', 'क्\u200d·ष'],
    ['tags behind a flag that is none', '🏴\u{e0061}\u{e007f}', '🏴··'],
    ['selectors behind letters', 'a\ufe0f\u{e0101}', 'a··'],
    ['an override', 'me: \u202eyes', 'me: ·yes'],
    ['a terminal\u2019s commands', '\u001b[2J\u009b1A', '·[2J·1A'],
  ])('loses %s in a chat', (_, text, read) => {
    expect(readableText(text)).toBe(read);
  });
});
