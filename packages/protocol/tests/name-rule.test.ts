import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseName, userKey } from '../src/name-rule.ts';
import { GivenName } from '../src/schemas.ts';

const { maxLength: MOST_GIVEN = 0 } = GivenName as { readonly maxLength?: number };

/** Letters that fold, compose or decompose in every way that there is, and marks in any order. */
const awkward = fc.constantFrom(
  ...[
    'a',
    'Z',
    '7',
    '_',
    '-',
    'é',
    'e\u0301',
    'q\u0323\u0307',
    'q\u0307\u0323',
    'ß',
    'ẞ',
    'SS',
    'ς',
    'σ',
    'Σ',
    'İ',
    'ı',
  ],
  ...[
    'ǅ',
    'ŉ',
    'ᾳ',
    'ΐ',
    'ﬁ',
    'Ａ',
    'ｶﾞ',
    '각',
    '\u1100\u1161\u11a8',
    'ไม้',
    'नि',
    '𝐀',
    '\u212b',
    '\u1e9b\u0323',
    'Ჿ',
    'Ꭰ',
    'ꭰ',
  ],
);
const anyLetter = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });
const anyName = fc
  .array(fc.oneof(awkward, anyLetter), { minLength: 2, maxLength: 12 })
  .map((characters) => parseName(characters.join('')))
  .filter((name) => name !== undefined);

/** Of characters that fall into many, in one form or another. */
const phrases = fc
  .array(fc.constantFrom('\ufdfa', '\ufdfb', '\ufdf2', '\u1f82', '\u0390', 'ǘ'), {
    minLength: 2,
    maxLength: 24,
    size: 'max',
  })
  .map((characters) => parseName(characters.join('')))
  .filter((name) => name !== undefined);

describe('F34: parseName', () => {
  it.each([
    'Al',
    'a'.repeat(24),
    'Ana_B-7',
    'Müller',
    '李小龙',
    'ゆき',
    '이순신',
    'สมชาย',
    'अनिल',
    'مريم',
    '٣٤',
    '__',
    '𝒜𝒷',
  ])('accepts %s', (name) => {
    expect(parseName(name)).toBe(name);
  });

  it.each([
    ['nothing', ''],
    ['one character', 'a'],
    ['one character of two code units', '𠮷'],
    ['25 characters', 'a'.repeat(25)],
    ['a space', 'Ana B'],
    ['a line end', 'Ana\n'],
    ['a control character', 'Ana\u0000'],
    ['a dot', 'ana.b'],
    ['an emoji', 'ana😀'],
    ['half of a surrogate pair', 'ana\ud83d'],
    ['a zero-width joiner', 'an\u200da'],
    ['a direction override', 'an\u202ea'],
    ['a letter that draws nothing', 'an\u3164a'],
    ['a variation selector', 'ana\ufe0f'],
    ['a mark at the beginning', '\u0301ana'],
    ['a mark on a hyphen', 'an-\u0301a'],
    ['five marks on one letter', 'aq\u0301\u0302\u0303\u0304\u0306'],
    ['an enclosing mark', 'ana\u20dd'],
    ['a fraction', 'ana½'],
  ])('refuses %s', (_, text) => {
    expect(parseName(text)).toBeUndefined();
  });

  it('counts characters after normalisation, not code units', () => {
    expect(parseName('𠮷'.repeat(24))).toBe('𠮷'.repeat(24));
    expect(parseName('e\u0301'.repeat(24))).toBe('\u00e9'.repeat(24));
    expect(parseName('e\u0301')).toBeUndefined();
  });

  it('gives the same name for every composition of it, and is at home with its own answer', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseName(name.normalize('NFD'))).toBe(name);
        expect(parseName(name)).toBe(name);
      }),
    );
  });

  it('A19: refuses each letter that stands for what no name may have, and no other', () => {
    const refused = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      if (character.normalize('NFC') !== character || !/^[\p{L}\p{Nd}]$/u.test(character)) continue;
      if (parseName(`a${character}a`) === undefined) refused.push(codePoint.toString(16));
    }
    const [dotted, apart, fillers] = ['13f 140', '37a', '115f 1160 3164 ffa0'];
    const phrases = 'fc5e fc5f fc60 fc61 fc62 fc63 fdfa fdfb fe70 fe72 fe74 fe76 fe78 fe7a fe7c fe7e';
    const all = [dotted, apart, fillers, phrases].join(' ').split(' ');
    expect(refused).toEqual(all.sort((a, b) => Number.parseInt(a, 16) - Number.parseInt(b, 16)));
  });

  it('A19: gives no name whose key would break the rule: a key holds no space, and is no shorter', () => {
    const letters = fc.constantFrom('\ufdfa', '\ufe76', '\u037a', 'ŀ', 'ㄱ', 'ㅏ', 'ｶ', 'ﾞ', '\u0e33', '_');
    fc.assert(
      fc.property(fc.array(fc.oneof(letters, awkward), { minLength: 1, maxLength: 6 }), (characters) => {
        const name = parseName(characters.join(''));
        if (name === undefined) return;
        const key = userKey(name);
        expect(key).toMatch(/^(?:[\p{L}\p{Nd}][\p{Mn}\p{Mc}]{0,4}|[_-])+$/u);
        expect([...key].length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('A9: has a key of at most 255 characters, and in any form fits what a client may say', () => {
    fc.assert(
      fc.property(fc.oneof(anyName, phrases), (name) => {
        expect([...userKey(name)].length).toBeLessThanOrEqual(255);
        expect([...name.normalize('NFD')].length).toBeLessThanOrEqual(MOST_GIVEN);
      }),
    );
  });

  it('answers any text with a name in NFC of 2 to 24 code points, or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const name = parseName(text);
        if (name === undefined) return;
        expect(name).toBe(text.normalize('NFC'));
        expect([...name].length).toBeGreaterThanOrEqual(2);
        expect([...name].length).toBeLessThanOrEqual(24);
      }),
    );
  });
});

describe('userKey', () => {
  it.each([
    ['Ana', 'ANA'],
    ['Zoë', 'ZOE\u0308'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['Ａｄｍｉｎ', 'admin'],
    ['𝐀𝐝𝐦𝐢𝐧', 'admin'],
    ['ﬁnn', 'Finn'],
    ['ｶﾞｷ', 'ガキ'],
  ])('is one for %s and %s', (one, other) => {
    expect(userKey(one)).toBe(userKey(other));
  });

  it.each([
    ['Ana', 'Anna'],
    ['Ana', 'Anä'],
    ['an_a', 'an-a'],
    ['Ana1', 'Ana2'],
    ['かき', 'がき'],
  ])('tells %s from %s', (one, other) => {
    expect(userKey(one)).not.toBe(userKey(other));
  });

  it('is the same for every case and composition of a name, and for itself', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const key = userKey(name);
        const spellings = [key, name.toLowerCase(), name.toUpperCase()];
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) spellings.push(name.normalize(form));
        expect(spellings.filter((spelling) => userKey(spelling) !== key)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('holds that for every single character that a name may have', () => {
    const broken = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const character = String.fromCodePoint(codePoint);
      if (!/[\p{L}\p{M}\p{Nd}]/u.test(character)) continue;
      const key = userKey(character);
      const spellings = [key, character.toUpperCase(), character.toLowerCase(), character.normalize('NFD')];
      if (spellings.some((spelling) => userKey(spelling) !== key)) broken.push(codePoint.toString(16));
    }
    expect(broken).toEqual([]);
  });
});
