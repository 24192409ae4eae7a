/** What a run has beside ordinary life: as large as may be and no larger, several spellings of one name. */

import { describe, expect, it } from '@jest/globals';
import { Chance } from '@lobby/players';
import { auth, isUserId, parseName, requireShortRoomText, room, userKey } from '@lobby/protocol';
import { subOf } from '../src/cluster/accounts-disk.ts';
import { EXTREMES, extremesOf } from '../src/extremes/extremes.ts';
import { LARGEST_WORDS, largestRoomText } from '../src/extremes/largest-words.ts';
import { spellings } from '../src/extremes/spellings.ts';

const SEEDS = Array.from({ length: 50 }, (_, nth) => nth + 1);
const MANY = 7;

describe('the largest words', () => {
  it('are all that a room may say, and not a byte more', () => {
    for (const seed of SEEDS) {
      const text = largestRoomText(`title ${seed}`, new Chance(`${seed}`), { kind: 'any' });
      expect(() => requireShortRoomText(text)).not.toThrow();
      expect(() => requireShortRoomText({ ...text, title: `${text.title}x` })).toThrow();
      expect(room.reqCreate.validate({ ...text, capacity: 1 })).toEqual({ ...text, capacity: 1 });
    }
  });

  it('are all that a request and a chat may have', () => {
    const wish = { ...LARGEST_WORDS.room({ name: 'ana', voice: 'bot-1' }, 7), capacity: 1 };
    expect(room.reqCreate.validate(wish)).toEqual(wish);
    expect(() => room.reqCreate.validate({ ...wish, requestId: `${wish.requestId}x` })).toThrow();
    const text = LARGEST_WORDS.chat('bot-1 says 1', 'long');
    expect(room.reqChat.validate({ text })).toEqual({ text });
    expect(() => room.reqChat.validate({ text: `${text}x` })).toThrow();
  });
});

describe('spellings', () => {
  const all = spellings(new Chance('any'), MANY);

  it('of one user have one key, and those of two users have not', () => {
    const keys = all.map((names) => new Set(names.map(userKey)));
    expect(keys.map(({ size }) => size)).toEqual(Array.from({ length: MANY }, () => 1));
    expect(new Set(keys.flatMap((key) => [...key])).size).toBe(MANY);
  });

  it('are names, but for the one whose key would be too long', () => {
    const refused = all.filter((names) => names.some((name) => parseName(name) === undefined));
    expect(refused).toEqual([['\ufdfa'.repeat(24)]]);
  });
});

describe('the id of a user at an identity service', () => {
  it('is one for all spellings, and as long as may be', () => {
    for (const seed of SEEDS) {
      const sub = subOf(`User${seed}`);
      expect(sub).toBe(subOf(`ＵＳＥＲ${seed}`));
      expect([...sub].length).toBeGreaterThanOrEqual(200);
      expect(isUserId(sub)).toBe(true);
    }
    const record = { name: 'ana', userId: subOf('ana'), epoch: 1, session: 1 };
    expect(auth.reqInventoryF2b.validate({ users: [record], last: true })).toMatchObject({ users: [record] });
  });
});

describe('extremes', () => {
  it('are had by about as many seeds as they say, and the same seed always has the same', () => {
    const counts = new Map<string, number>();
    const most = 1_000;
    expect(SEEDS.map(extremesOf)).toEqual(SEEDS.map(extremesOf));
    for (let seed = 1; seed <= most; seed += 1)
      for (const extreme of extremesOf(seed)) counts.set(extreme, (counts.get(extreme) ?? 0) + 1);
    for (const [extreme, { share }] of Object.entries(EXTREMES)) {
      const count = counts.get(extreme) ?? 0;
      expect(Math.abs(count / most - share)).toBeLessThan(0.04);
      expect(count).toBeGreaterThan(0);
    }
  });
});
