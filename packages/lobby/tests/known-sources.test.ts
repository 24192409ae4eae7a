/** Where users have logged in from: told behind their backs, held for those who came last. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountError } from '@lobby/accounts';
import type { Asker, KnownSource } from '@lobby/accounts';
import { VirtualClock } from '@lobby/net-frame';
import { silentLog } from '@lobby/pulse';
import { KnownSources } from '../src/known-sources.ts';

const SOMEBODY: Asker = { networks: ['somewhere'], gone: () => false, yields: false };
const DAY_MS = 24 * 60 * 60_000;

let clock: VirtualClock;
let stored: KnownSource[];
let loads: number;
/** What the storage does before it does anything. */
let before: () => Promise<void>;
let warnings: unknown[];

beforeEach(() => {
  clock = new VirtualClock();
  stored = [];
  loads = 0;
  before = () => Promise.resolve();
  warnings = [];
});

function knownSources(): KnownSources {
  const accounts = {
    knowSource: async (known: KnownSource) => {
      await before();
      stored.push(known);
    },
    knownSources: async (key: string) => {
      loads += 1;
      const rows = stored.filter((known) => known.key === key);
      await before();
      return rows;
    },
  };
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
  return new KnownSources({ accounts, clock, log });
}

describe('A11: where a user has logged in from', () => {
  it('is known at once, by any spelling of the name, and stored once a day', async () => {
    const known = knownSources();
    expect(await known.has('ana', 'home', SOMEBODY)).toBe(false);
    known.note('ana', 'home');
    expect(await known.has('ANA', 'home', SOMEBODY)).toBe(true);
    expect(await known.has('ana', 'elsewhere', SOMEBODY)).toBe(false);
    expect(await known.has('ben', 'home', SOMEBODY)).toBe(false);
    known.note('Ana', 'home');
    await clock.advance(DAY_MS - 1);
    known.note('ana', 'home');
    expect(stored).toHaveLength(1);
    await clock.advance(1);
    known.note('ana', 'home');
    await clock.settle();
    expect(stored.map(({ key, source }) => [key, source])).toEqual([
      ['ana', 'home'],
      ['ana', 'home'],
    ]);
    expect(loads).toBe(2);
  });

  it('is loaded once, and what is noted meanwhile is not lost by it', async () => {
    stored.push({ key: 'ana', source: 'home', atMs: 1 });
    const known = knownSources();
    const { promise, resolve } = Promise.withResolvers<void>();
    before = () => promise;
    const first = known.has('ana', 'home', SOMEBODY);
    const second = known.has('ana', 'new', SOMEBODY);
    resolve();
    expect(await Promise.all([first, second])).toEqual([true, false]);
    before = () => Promise.resolve();
    known.note('ana', 'new');
    expect([await known.has('ana', 'home', SOMEBODY), await known.has('ana', 'new', SOMEBODY)]).toEqual([
      true,
      true,
    ]);
    expect(await knownSources().has('ana', 'new', SOMEBODY)).toBe(true);
  });

  it('is held for ten places, the last ones', async () => {
    const known = knownSources();
    await known.has('ana', 'home', SOMEBODY);
    for (let nth = 0; nth < 12; nth += 1) {
      known.note('ana', `place ${nth}`);
      await clock.advance(1);
    }
    expect(await known.has('ana', 'place 1', SOMEBODY)).toBe(false);
    expect(await known.has('ana', 'place 2', SOMEBODY)).toBe(true);
    expect(await known.has('ana', 'place 11', SOMEBODY)).toBe(true);
  });

  it('is nowhere while the storage is away, which is logged, and is asked again', async () => {
    const known = knownSources();
    before = () => Promise.reject(new AccountError('storage', 'away'));
    expect(await known.has('ana', 'home', SOMEBODY)).toBe(false);
    known.note('ana', 'home');
    await clock.settle();
    expect(warnings).toMatchObject([{ user: 'ana', error: { code: 'storage' } }]);
    before = () => Promise.resolve();
    known.note('ana', 'home');
    await clock.settle();
    expect(await known.has('ana', 'home', SOMEBODY)).toBe(true);
  });
});
