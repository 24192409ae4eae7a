/**
 * Looks that strangers cause: they take turns by where they come from, and leave the store free for all else.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import type { Accounts, Asker } from '../src/index.ts';
import type { AccountStore } from '../src/account-store.ts';
import { StoredAccounts } from '../src/stored-accounts.ts';
import { CountingHasher } from './fast-hashing.ts';

interface Look {
  readonly verb: string;
  readonly key: string;
  readonly answer: () => void;
}

/** A store of which every look waits until it is told to answer. */
function waitingStore(): { readonly store: AccountStore; readonly looks: Look[] } {
  const looks: Look[] = [];
  const look =
    <T>(verb: string, value: T) =>
    (key: string) =>
      new Promise<T>((resolve) => looks.push({ verb, key, answer: () => resolve(value) }));
  const store = {
    find: look('find', undefined),
    boundName: look('boundName', undefined),
    knownSources: look('knownSources', []),
    voidTokens: () => Promise.resolve(),
  };
  return { store: store as unknown as AccountStore, looks };
}

function from(source: string, isGone = false): Asker {
  return { networks: [source], gone: () => isGone, yields: false };
}

type Looker = (accounts: Accounts, name: string, by: Asker) => Promise<unknown>;

const LOOKERS: readonly Looker[] = [
  (accounts, name, by) => accounts.verify(name, 'correct horse', by),
  (accounts, name, by) => accounts.knownSources(name, by),
];

function looker(kind = 0): Looker {
  return LOOKERS[kind] as Looker;
}

/** Lets what was asked reach the store. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('A5: a stranger who has very many names looked up', () => {
  it('keeps no two places of the store, whatever is asked for, and nobody else waiting', async () => {
    const many = fc.integer({ min: 4, max: 60 });
    await fc.assert(
      fc.asyncProperty(many, fc.array(fc.nat(LOOKERS.length - 1), { minLength: 1 }), async (count, kinds) => {
        const { store, looks } = waitingStore();
        const clock = new VirtualClock();
        const accounts = new StoredAccounts(store, { hasher: new CountingHasher(), clock });
        const asked = Array.from({ length: count }, (_, nth) =>
          looker(kinds[nth % kinds.length])(accounts, `name${nth}`, from('192.0.2.7')),
        );
        asked.push(accounts.verify('honest', 'correct horse', from('203.0.113.1')));
        const settled = Promise.allSettled(asked);
        await turn();
        expect(looks.map(({ key }) => key)).toEqual(['name0', 'name1']);
        // What a login by token needs, and an operator, does not wait for them.
        const bound = accounts.boundName('bound');
        await accounts.voidTokens({ key: 'name', epoch: 1, atMs: 1 });
        expect(looks.map(({ key }) => key)).toEqual(['name0', 'name1', 'bound']);
        looks[2]?.answer();
        await bound;
        // Of each other source one goes before it at most.
        for (const look of looks.slice(0, 2)) {
          look.answer();
          await turn();
        }
        expect(looks.slice(3, 5).map(({ key }) => key)).toContain('honest');
        for (let nth = 3; nth < looks.length; nth += 1) {
          looks[nth]?.answer();
          await turn();
        }
        await settled;
        expect(looks).toHaveLength(count + 2);
      }),
    );
  });

  it('is refused as overloaded where the store stands still, and nothing is looked up for who has gone', async () => {
    const { store, looks } = waitingStore();
    const clock = new VirtualClock();
    const accounts = new StoredAccounts(store, { hasher: new CountingHasher(), clock });
    const standing = ['a', 'b'].map((name) => accounts.knownSources(name, from('192.0.2.7')));
    const late = expect(accounts.knownSources('c', from('192.0.2.7'))).rejects.toMatchObject({
      code: 'overloaded',
    });
    const gone = accounts.verify('dora', 'correct horse', from('192.0.2.8', true));
    await expect(gone).rejects.toMatchObject({ code: 'overloaded' });
    await clock.advance(60_000);
    await late;
    expect(looks.map(({ key }) => key)).toEqual(['a', 'b']);
    for (const { answer } of looks) answer();
    await Promise.all(standing);
  });
});
