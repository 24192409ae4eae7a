/**
 * Random values of a schema: mostly small ones, and often those at its borders (the shortest and longest
 * text, the least and greatest number, the first and last character of every length in UTF-8).
 */
import { encodedBytes } from '@lobby/protocol';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Dice } from '../dice.ts';
import { keywordsOf } from '../keywords.ts';
import type { Keywords } from '../keywords.ts';

const SMALL_TEXT = 12;
/** Texts without a limit, and those with a great one, are seldom longer. */
const LARGE_TEXT = 3_000;
const SMALL_LIST = 4;
const LARGE_LIST = 40;
/** A full list is one item over and over, as long as it takes no more bytes than this. */
const MOST_FULL_BYTES = 64 * 1024;
const BYTE_LENGTHS = [16, 32];
/** Where UTF-8 changes its length, and the characters that programs trip over. */
const BORDER_CHARACTERS = [
  ...[0x00, 0x0a, 0x22, 0x5c, 0x7f, 0x80, 0xa0, 0xc5, 0x301, 0x7ff, 0x800, 0x0fff, 0x1000, 0x200d, 0x2028],
  ...[0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_0000, 0x1_f600, 0x3_ffff, 0x10_0000, 0x10_ffff],
];
const WORDS = [
  'a',
  'title',
  'length',
  'constructor',
  'toString',
  'then',
  'toJSON',
  '0',
  '-1',
  '__proto',
  'ana',
];
const NAMES = [
  ...[
    'ana',
    'ANA',
    '_-',
    'Zo\u00eb',
    'Stra\u00dfe',
    '\u674e\u5c0f\u9f99',
    '\u0e44\u0e21\u0e49',
    '\ufb01nn',
    '\uff21\uff22',
  ],
  ...['a'.repeat(24), '\u{20bb7}'.repeat(24), '\ufdf2'.repeat(24), 'q\u0323\u0307'.repeat(8)],
];

/** A value that the schema takes. Throws an `Error` for a schema of a kind that no payload has. */
export function valueOf(schema: TSchema, chance: Dice): unknown {
  const keywords = keywordsOf(schema);
  switch (keywords.type) {
    case 'object':
      return keywords.patternProperties === undefined
        ? objectOf(keywords, chance)
        : recordOf(keywords, chance);
    case 'array':
      return listOf(keywords, chance);
    case 'string':
      return textOf(keywords, chance);
    case 'integer':
      return integerOf(keywords, chance);
    case 'boolean':
      return chance.oneIn(2);
    case undefined:
      return bytesOf(schema, chance);
    default:
      throw new Error(`no values are known of type "${keywords.type}": teach schema-values.ts to make them`);
  }
}

function objectOf({ properties = {}, required = [] }: Keywords, chance: Dice): object {
  const object: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (required.includes(name) || chance.oneIn(2)) object[name] = valueOf(schema, chance);
  }
  return object;
}

function recordOf({ patternProperties = {}, maxProperties = LARGE_LIST }: Keywords, chance: Dice): object {
  const [[pattern, schema] = []] = Object.entries(patternProperties);
  if (pattern === undefined || schema === undefined) return {};
  const maxLength = Number(/,(\d+)\}\$$/.exec(pattern)?.[1] ?? SMALL_TEXT);
  const record: Record<string, unknown> = {};
  const most = chance.oneIn(8) ? maxProperties : Math.min(maxProperties, SMALL_LIST);
  for (let left = chance.below(most + 1); left > 0; left -= 1) {
    const key = textOf({ minLength: 1, maxLength }, chance);
    if (key !== '__proto__') record[key] = valueOf(schema, chance);
  }
  return record;
}

function listOf({ items, maxItems = LARGE_LIST }: Keywords, chance: Dice): unknown[] {
  if (chance.oneIn(64)) {
    const item = valueOf(items as TSchema, chance);
    const most = Math.floor(MOST_FULL_BYTES / encodedBytes(item));
    return new Array<unknown>(Math.min(maxItems, most)).fill(item);
  }
  const most = Math.min(maxItems, chance.oneIn(16) ? LARGE_LIST : SMALL_LIST);
  return Array.from({ length: chance.below(most + 1) }, () => valueOf(items as TSchema, chance));
}

function textOf({ minLength = 0, maxLength = LARGE_TEXT, rule }: Keywords, chance: Dice): string {
  if (rule === 'name') return chance.pick(NAMES);
  if (chance.oneIn(8)) {
    const word = chance.pick(WORDS);
    if (word.length >= minLength && word.length <= maxLength) return word;
  }
  const length = lengthOf(minLength, maxLength, chance);
  const wide = rule === undefined && chance.oneIn(3);
  let text = '';
  for (let left = length; left > 0; left -= 1) text += String.fromCodePoint(characterOf(wide, chance));
  return text;
}

function lengthOf(least: number, most: number, chance: Dice): number {
  if (chance.oneIn(16)) return least;
  if (chance.oneIn(64)) return most;
  return chance.between(least, Math.min(most, least + SMALL_TEXT));
}

function characterOf(wide: boolean, chance: Dice): number {
  if (!wide) return chance.between(0x20, 0x7e);
  if (chance.oneIn(2)) return chance.pick(BORDER_CHARACTERS);
  const any = chance.below(0x11_0000);
  return any >= 0xd800 && any <= 0xdfff ? 0xfffd : any;
}

function integerOf(keywords: Keywords, chance: Dice): number {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = keywords;
  const within = (value: number): number => Math.min(maximum, Math.max(minimum, value));
  switch (chance.below(8)) {
    case 0:
      return minimum;
    case 1:
      return maximum;
    case 2:
      // Where MessagePack changes its format.
      return within(2 ** chance.pick([5, 7, 8, 15, 16, 31, 32, 52]) + chance.between(-1, 1));
    case 3:
      return within(-(2 ** chance.pick([5, 7, 8, 15, 16, 31, 32])) + chance.between(-1, 1));
    case 4:
      return within(chance.below(0x20_0000) * 0x1_0000_0000 + chance.word());
    default:
      return within(chance.below(200));
  }
}

function bytesOf(schema: TSchema, chance: Dice): Uint8Array {
  for (const length of BYTE_LENGTHS) {
    const bytes = Buffer.from(Array.from({ length }, () => chance.below(0x100)));
    if (Check(schema, bytes)) return bytes;
  }
  throw new Error(`a schema without a type takes no bytes of length ${BYTE_LENGTHS.join(' or ')}`);
}
