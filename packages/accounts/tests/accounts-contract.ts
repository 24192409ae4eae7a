/**
 * What every implementation of `Accounts` must do, whatever stores it. A database's test file calls this with
 * a way to open one storage several times.
 */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountError, TokenKeys } from '../src/index.ts';
import type { Accounts, Asker, PasswordHasher } from '../src/index.ts';
import { CountingHasher, FullHasher, cheapHasher } from './fast-hashing.ts';
import { failureOf, outcomesOf } from './outcomes.ts';

/** One storage, empty at first. Every `open` is a connection of its own to it. */
export interface TestStorage {
  open(hasher: PasswordHasher): Promise<Accounts>;
  /** Called when all connections are closed. */
  remove(): Promise<void>;
}

const PASSWORD = 'correct horse';

export function accountsContract(database: string, createStorage: () => Promise<TestStorage>): void {
  describe(`accounts in ${database}`, () => {
    let storage: TestStorage;
    let opened: Accounts[];

    async function open(hasher: PasswordHasher = cheapHasher()): Promise<Accounts> {
      const accounts = await storage.open(hasher);
      opened.push(accounts);
      return accounts;
    }

    beforeEach(async () => {
      storage = await createStorage();
      opened = [];
    });

    afterEach(async () => {
      for (const accounts of opened) await accounts.close();
      await storage.remove();
    });

    describe('register', () => {
      it('gives every account an id of its own and keeps the name as it was typed', async () => {
        const accounts = await open();
        const ana = await accounts.register('Ana', PASSWORD);
        const bo = await accounts.register('Bo', PASSWORD);
        expect(ana.name).toBe('Ana');
        expect(ana.userId).not.toBe('');
        expect(bo.userId).not.toBe(ana.userId);
      });

      it('stores the name in NFC', async () => {
        const accounts = await open();
        const { name } = await accounts.register('Zoe\u0308', PASSWORD);
        expect(name).toBe('Zo\u00eb');
      });

      it.each([
        ['the same name', 'Ana', 'Ana'],
        ['another case', 'Ana', 'ANA'],
        ['another composition', 'Zo\u00eb', 'Zoe\u0308'],
        ['another width', 'Ana', 'Ａｎａ'],
      ])('refuses %s as name_taken', async (_, first, second) => {
        const accounts = await open();
        await accounts.register(first, PASSWORD);
        await expect(accounts.register(second, PASSWORD)).rejects.toMatchObject({ code: 'name_taken' });
      });

      it('leaves the first account as it was when the name is taken', async () => {
        const accounts = await open();
        const ana = await accounts.register('Ana', PASSWORD);
        await expect(accounts.register('ana', 'another password')).rejects.toMatchObject({
          code: 'name_taken',
        });
        await expect(accounts.verify('ana', PASSWORD)).resolves.toEqual(ana);
        await expect(accounts.verify('ana', 'another password')).rejects.toMatchObject({
          code: 'wrong_credentials',
        });
      });

      it.each([
        ['a name that is too short', 'A', PASSWORD],
        ['a name with a space', 'Ana B', PASSWORD],
        ['a password of 7 characters', 'Ana', 'a'.repeat(7)],
        ['a password of 129 characters', 'Ana', 'a'.repeat(129)],
      ])('registers nobody with %s, knows nobody by it, and hashes nothing', async (_, name, password) => {
        const hasher = new CountingHasher();
        const accounts = await open(hasher);
        await expect(accounts.register(name, password)).rejects.toMatchObject({ code: 'bad_request' });
        await expect(accounts.verify(name, password)).rejects.toMatchObject({ code: 'wrong_credentials' });
        expect([hasher.hashed, hasher.verified]).toEqual([0, []]);
      });

      it('lets exactly one of several connections win a name', async () => {
        const connections = [await open(), await open(), await open()];
        const attempts = connections.flatMap((accounts) => [
          accounts.register('Ana', PASSWORD),
          accounts.register('ANA', PASSWORD),
        ]);
        const outcomes = await outcomesOf(attempts);
        const lost = Array<string>(attempts.length - 1).fill('name_taken');
        expect(outcomes.toSorted()).toEqual(['done', ...lost]);
      });
    });

    describe('verify', () => {
      it('finds the account under any spelling of its name', async () => {
        const accounts = await open();
        const zoe = await accounts.register('Zo\u00eb', PASSWORD);
        for (const name of ['Zo\u00eb', 'zoe\u0308', 'ZO\u00cb']) {
          await expect(accounts.verify(name, PASSWORD)).resolves.toEqual(zoe);
        }
      });

      it('takes a password that was composed in another way', async () => {
        const accounts = await open();
        const ana = await accounts.register('Ana', 'pass\u00e9word');
        await expect(accounts.verify('Ana', 'passe\u0301word')).resolves.toEqual(ana);
      });

      it('F25: says the same about an unknown name and a wrong password, after the same work', async () => {
        const hasher = new CountingHasher();
        const accounts = await open(hasher);
        await accounts.register('Ana', PASSWORD);
        const told = [];
        for (const name of ['Ana', 'Nobody']) {
          const before = hasher.verified.length;
          const error = await failureOf(accounts.verify(name, 'wrong password'));
          told.push({
            ...(error as AccountError),
            message: String(error),
            work: hasher.verified.length - before,
          });
        }
        expect(told[0]).toEqual(told[1]);
        expect(told[0]).toMatchObject({ code: 'wrong_credentials', work: 1 });
        expect(hasher.verified[1]).toBe(hasher.decoy);
      });

      it('replaces a hash of other parameters, once', async () => {
        const before = await open(cheapHasher({ passes: 1 }));
        const ana = await before.register('Ana', PASSWORD);
        const hasher = new CountingHasher(cheapHasher({ passes: 2 }));
        const after = await open(hasher);
        await expect(after.verify('Ana', PASSWORD)).resolves.toEqual(ana);
        expect(hasher.hashed).toBe(1);
        await expect(after.verify('Ana', PASSWORD)).resolves.toEqual(ana);
        expect(hasher.hashed).toBe(1);
        expect(hasher.verified.map((encoded) => encoded.includes('t=2'))).toEqual([false, true]);
      });

      it('keeps a hash of other parameters when the password is wrong', async () => {
        await (await open(cheapHasher({ passes: 1 }))).register('Ana', PASSWORD);
        const hasher = new CountingHasher(cheapHasher({ passes: 2 }));
        await expect((await open(hasher)).verify('Ana', 'wrong password')).rejects.toMatchObject({
          code: 'wrong_credentials',
        });
        expect(hasher.hashed).toBe(0);
      });

      it('lets the user in when the new hash finds the queue full', async () => {
        const ana = await (await open(cheapHasher({ passes: 1 }))).register('Ana', PASSWORD);
        const full = new CountingHasher(cheapHasher({ passes: 2 }));
        full.hash = () => Promise.reject(new AccountError('overloaded', 'The queue is full.'));
        await expect((await open(full)).verify('Ana', PASSWORD)).resolves.toEqual(ana);
        await expect((await open()).verify('Ana', PASSWORD)).resolves.toEqual(ana);
      });
    });

    describe('under pressure', () => {
      it('F24: refuses at once what the hasher has no room for, says when to ask again, and does it then', async () => {
        const hasher = new FullHasher();
        const accounts = await open(hasher);
        const refused = { code: 'overloaded', retryAfterMs: 70 };
        await expect(accounts.register('Ana', PASSWORD)).rejects.toMatchObject(refused);
        await expect(accounts.verify('Ana', PASSWORD)).rejects.toMatchObject(refused);
        expect([hasher.hashed, hasher.verified]).toEqual([0, []]);
        hasher.isFull = false;
        const ana = await accounts.register('Ana', PASSWORD);
        await expect(accounts.verify('Ana', PASSWORD)).resolves.toEqual(ana);
      });

      it('A5: hashes nothing for a name that is taken', async () => {
        const hasher = new CountingHasher();
        const accounts = await open(hasher);
        await accounts.register('Ana', PASSWORD);
        const again = Array.from({ length: 20 }, () => accounts.register('ANA', PASSWORD));
        await expect(outcomesOf(again)).resolves.toEqual(Array<string>(20).fill('name_taken'));
        expect(hasher.hashed).toBe(1);
      });

      it('A5: hashes in the turn of who asks; a registration yields to others', async () => {
        const hasher = new CountingHasher(cheapHasher({ passes: 2 }));
        const networks = ['2001:db8:0::/48', '2001:db8:0:1::/64'];
        const by: Asker = { networks, gone: () => false, yields: false };
        await (await open()).register('Ana', PASSWORD);
        const accounts = await open(hasher);
        await accounts.register('Bo', PASSWORD, by);
        await accounts.verify('Ana', PASSWORD, by);
        expect(hasher.askers).toEqual([{ ...by, yields: true }, by, by]);
      });

      it('A5: hashes nothing for whoever has gone meanwhile', async () => {
        const accounts = await open();
        const gone: Asker = { networks: ['192.0.2.1'], gone: () => true, yields: false };
        await accounts.register('Ana', PASSWORD);
        const calls = [accounts.register('Bo', PASSWORD, gone), accounts.verify('Ana', PASSWORD, gone)];
        await expect(outcomesOf(calls)).resolves.toEqual(['overloaded', 'overloaded']);
        await expect(accounts.register('Bo', PASSWORD)).resolves.toMatchObject({ name: 'Bo' });
      });
    });

    describe('over time', () => {
      it('finds after reopening what was registered before', async () => {
        const first = await open();
        const ana = await first.register('Ana', PASSWORD);
        await first.close();
        const second = await open();
        await expect(second.verify('ana', PASSWORD)).resolves.toEqual(ana);
        await expect(second.register('ANA', PASSWORD)).rejects.toMatchObject({ code: 'name_taken' });
      });

      it('counts incarnations 1, 2, 3 and goes on after reopening', async () => {
        const counted = [];
        for (let life = 0; life < 3; life += 1) {
          const accounts = await open();
          counted.push(await accounts.nextIncarnation(), await accounts.nextIncarnation());
          await accounts.close();
        }
        expect(counted).toEqual([1, 2, 3, 4, 5, 6]);
      });

      it('remembers which tokens are void, after reopening too, and never takes that back', async () => {
        const accounts = await open();
        await expect(accounts.voidedTokens()).resolves.toEqual([]);
        await accounts.voidTokens({ key: 'ana', epoch: 2 ** 40 + 3, atMs: 1_700_000_000_000 });
        await accounts.voidTokens({ key: 'bo', epoch: 1, atMs: 5 });
        await accounts.voidTokens({ key: 'ana', epoch: 2, atMs: 1_800_000_000_000 });
        await accounts.close();
        const voided = await (await open()).voidedTokens();
        expect([...voided].sort((a, b) => a.key.localeCompare(b.key))).toEqual([
          { key: 'ana', epoch: 2 ** 40 + 3, atMs: 1_800_000_000_000 },
          { key: 'bo', epoch: 1, atMs: 5 },
        ]);
      });

      it('A11: remembers where a user was, after reopening too: the last ten places', async () => {
        const accounts = await open();
        await expect(accounts.knownSources('ana')).resolves.toEqual([]);
        const at = (nth: number) => ({ key: 'ana', source: `192.0.2.${nth}`, atMs: 2 ** 40 + nth });
        for (let nth = 1; nth <= 12; nth += 1) await accounts.knowSource(at(nth));
        await accounts.knowSource({ key: 'bo', source: '192.0.2.1', atMs: 1 });
        await accounts.knowSource({ ...at(5), atMs: 2 ** 40 + 50 });
        await accounts.knowSource({ ...at(12), atMs: 7 });
        await accounts.close();
        const later = await open();
        const newest = [5, 12, 11, 10, 9, 8, 7, 6, 4, 3];
        await expect(later.knownSources('ana')).resolves.toEqual(
          newest.map((nth) => (nth === 5 ? { ...at(5), atMs: 2 ** 40 + 50 } : at(nth))),
        );
        await expect(later.knownSources('bo')).resolves.toHaveLength(1);
      });

      it('A11: keeps the newest place even where a clock was set back', async () => {
        const accounts = await open();
        for (let nth = 1; nth <= 10; nth += 1)
          await accounts.knowSource({ key: 'ana', source: `192.0.2.${nth}`, atMs: 1_000 + nth });
        await accounts.knowSource({ key: 'ana', source: 'now', atMs: 5 });
        const sources = (await accounts.knownSources('ana')).map(({ source }) => source);
        expect(sources).toHaveLength(10);
        expect(sources).toContain('now');
        expect(sources).not.toContain('192.0.2.1');
      });

      it('A17: forgets what was made void by a time, and names that were used by one', async () => {
        const accounts = await open();
        await accounts.register('Cleo', PASSWORD);
        for (const [key, atMs] of [
          ['ana', 5],
          ['bo', 6],
        ] as const) {
          await accounts.voidTokens({ key, epoch: 1, atMs });
          await accounts.bindNames([{ key, userId: key, usedAtMs: atMs + 10 }]);
        }
        await accounts.forget({ voided: 5, used: 15 });
        await expect(accounts.voidedTokens()).resolves.toEqual([{ key: 'bo', epoch: 1, atMs: 6 }]);
        const kept = await Promise.all(['ana', 'bo', 'cleo'].map((key) => accounts.boundName(key)));
        expect(kept.map((bound) => bound?.key)).toEqual([undefined, 'bo', 'cleo']);
      });

      it('never gives two connections the same incarnation, in whatever order they ask', async () => {
        const connections = [await open(), await open(), await open()];
        let last = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(fc.constantFrom(...connections), { maxLength: 8 }), async (askers) => {
            const counted = await Promise.all(askers.map((accounts) => accounts.nextIncarnation()));
            const sorted = counted.toSorted((a, b) => a - b);
            expect(sorted).toEqual(askers.map((_, index) => last + 1 + index));
            last += askers.length;
          }),
          { numRuns: 30 },
        );
      });
    });

    describe('bound names', () => {
      it('A8: belong to the first user that they are said of, and know when that one last came', async () => {
        const accounts = await open();
        await expect(accounts.boundName('ana')).resolves.toBeUndefined();
        await accounts.bindNames([
          { key: 'bo', userId: 'b', usedAtMs: 1 },
          { key: 'ana', userId: 'a', usedAtMs: 2 ** 40 },
        ]);
        await accounts.bindNames([
          { key: 'ana', userId: 'other', usedAtMs: 2 ** 41 },
          { key: 'bo', userId: 'b', usedAtMs: 7 },
        ]);
        await accounts.bindNames([{ key: 'bo', userId: 'b', usedAtMs: 3 }]);
        await accounts.close();
        const later = await open();
        await expect(later.boundName('ana')).resolves.toEqual({ key: 'ana', userId: 'a', usedAtMs: 2 ** 40 });
        await expect(later.boundName('bo')).resolves.toEqual({ key: 'bo', userId: 'b', usedAtMs: 7 });
      });

      it('A8: are taken for whoever registers, and cost no hash', async () => {
        const hasher = new CountingHasher();
        const accounts = await open(hasher);
        await accounts.bindNames([{ key: 'ana', userId: 'a', usedAtMs: 1 }]);
        await expect(accounts.register('Ana', PASSWORD)).rejects.toMatchObject({ code: 'name_taken' });
        expect(hasher.hashed).toBe(0);
        await expect(accounts.unbindName('ana')).resolves.toBe(true);
        await expect(accounts.unbindName('ana')).resolves.toBe(false);
        await expect(accounts.register('Ana', PASSWORD)).resolves.toMatchObject({ name: 'Ana' });
      });

      it('A8: are for good those of accounts', async () => {
        const accounts = await open();
        const { userId } = await accounts.register('Ana', PASSWORD);
        for (const user of [userId, 'other'])
          await accounts.bindNames([{ key: 'ana', userId: user, usedAtMs: 5 }]);
        await expect(accounts.unbindName('ana')).resolves.toBe(false);
        await accounts.forget({ voided: 2 ** 41, used: 2 ** 41 });
        await expect(accounts.boundName('ana')).resolves.toEqual({ key: 'ana', userId });
      });

      it('A8: have one user, however many register and bind at the same moment', async () => {
        const connections = [await open(), await open(), await open()];
        for (let round = 0; round < 10; round += 1) {
          const key = `ana${round}`;
          const outcomes = await Promise.all(
            connections.flatMap((accounts, nth) => [
              accounts.register(key, PASSWORD).then(
                ({ userId }) => [userId],
                () => [],
              ),
              accounts.bindNames([{ key, userId: `sub ${nth}`, usedAtMs: 1 }]).then(() => []),
            ]),
          );
          const registered = outcomes.flat();
          const seen = await Promise.all(connections.map((accounts) => accounts.boundName(key)));
          expect(new Set(seen.map((bound) => bound?.userId)).size).toBe(1);
          expect(registered.length).toBeLessThanOrEqual(1);
          if (registered.length === 1) expect(seen[0]).toEqual({ key, userId: registered[0] });
          else expect(seen[0]).toMatchObject({ userId: expect.stringMatching(/^sub \d$/), usedAtMs: 1 });
        }
      });

      it('A8: are bound to an id of any characters', async () => {
        const accounts = await open();
        const ids = ['\0'.repeat(255), '😀%25', 'a b', "'"];
        const uses = ids.map((userId, nth) => ({ key: `user${nth}`, userId, usedAtMs: nth }));
        await accounts.bindNames(uses);
        const bound = await Promise.all(uses.map(({ key }) => accounts.boundName(key)));
        expect(bound).toEqual(uses);
      });
    });

    describe('keys of tokens', () => {
      const key = (nth: number, secret = `secret ${nth}`) => ({ nth, secret, madeAtMs: 2 ** 40 + nth });

      it('A20: are kept, the newest first, and each number once', async () => {
        const accounts = await open();
        await expect(accounts.tokenKeys()).resolves.toEqual([]);
        await expect(accounts.addTokenKey(key(1))).resolves.toBe(true);
        await expect(accounts.addTokenKey(key(1, 'another'))).resolves.toBe(false);
        await expect(accounts.addTokenKey(key(2))).resolves.toBe(true);
        await accounts.close();
        const later = await open();
        await expect(later.tokenKeys()).resolves.toEqual([key(2), key(1)]);
        await later.dropTokenKeys(2);
        await expect(later.tokenKeys()).resolves.toEqual([key(2)]);
      });

      it('A20: are the same for all that start at the same moment', async () => {
        const connections = await Promise.all(Array.from({ length: 4 }, () => open()));
        const options = { wallClock: () => 2 ** 40, lifetimeMs: 1_000 };
        const keys = await Promise.all(
          connections.map((accounts) => TokenKeys.open({ accounts, ...options })),
        );
        expect(new Set(keys.map(({ newest }) => newest.secret)).size).toBe(1);
        await expect(connections[0]?.tokenKeys()).resolves.toHaveLength(1);
      });
    });

    describe('close', () => {
      it('makes every later call reject as storage', async () => {
        const accounts = await open();
        await accounts.register('Ana', PASSWORD);
        await accounts.close();
        const calls = [
          accounts.register('Bo', PASSWORD),
          accounts.verify('Ana', PASSWORD),
          accounts.nextIncarnation(),
          accounts.knowSource({ key: 'ana', source: '192.0.2.1', atMs: 1 }),
          accounts.knownSources('ana'),
          accounts.boundName('ana'),
          accounts.bindNames([{ key: 'ana', userId: 'a', usedAtMs: 1 }]),
          accounts.unbindName('ana'),
          accounts.forget({ voided: 1, used: 1 }),
          accounts.tokenKeys(),
          accounts.addTokenKey({ nth: 1, secret: 's', madeAtMs: 1 }),
          accounts.dropTokenKeys(1),
        ];
        await expect(outcomesOf(calls)).resolves.toEqual(calls.map(() => 'storage'));
      });

      it('rejects a register whose password is still being hashed', async () => {
        const accounts = await open();
        const pending = expect(accounts.register('Ana', PASSWORD)).rejects.toMatchObject({ code: 'storage' });
        await accounts.close();
        await pending;
        await expect((await open()).register('Ana', PASSWORD)).resolves.toMatchObject({ name: 'Ana' });
      });

      it('does no harm twice, and ends an `await using`', async () => {
        const accounts = await open();
        {
          await using used = accounts;
          await used.nextIncarnation();
        }
        await expect(accounts.nextIncarnation()).rejects.toMatchObject({ code: 'storage' });
        await expect(accounts.close()).resolves.toBeUndefined();
      });
    });

    it('never puts a password into an error', async () => {
      const secret = 'do-not-tell-anyone';
      const accounts = await open();
      await accounts.register('Ana', PASSWORD);
      const attempts = [
        accounts.register('Ana', secret),
        accounts.register('A', secret),
        accounts.register('Bo', secret.repeat(10)),
        accounts.verify('Ana', secret),
        accounts.verify('Nobody', secret),
      ];
      for (const error of await Promise.all(attempts.map(failureOf))) {
        expect(error).toMatchObject({ name: 'AccountError' });
        expect(inspect(error, { depth: 5, showHidden: true })).not.toContain(secret);
      }
    });
  });
}
