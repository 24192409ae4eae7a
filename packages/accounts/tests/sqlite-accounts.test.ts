/**
 * SQLite keeps the contract of accounts; what only SQLite has is in `sqlite-file.test.ts` and
 * `sqlite-store.test.ts`.
 */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { openSqliteAccounts } from '../src/index.ts';
import { accountsContract } from './accounts-contract.ts';
import { cheapHasher } from './fast-hashing.ts';
import { temporaryDirectory } from './temporary-directory.ts';

accountsContract('a SQLite file', async () => {
  const directory = await temporaryDirectory();
  return {
    open: (hasher) => openSqliteAccounts({ file: join(directory.path, 'accounts.db'), hasher }),
    remove: () => directory.remove(),
  };
});

describe('A23: a file that another process holds', () => {
  it('keeps only those waiting who need it: the event loop goes on', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'accounts.db');
    await using accounts = await openSqliteAccounts({ file, hasher: cheapHasher(), busyTimeoutMs: 60_000 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const registering = accounts.register('Ana', 'correct horse');
    // This thread goes on to the moment at which it lets the file go; else nobody ever would.
    for (let turns = 0; turns < 50; turns += 1) await turn();
    other.exec('ROLLBACK');
    other.close();
    await expect(registering).resolves.toMatchObject({ name: 'Ana' });
    await directory.remove();
  });
});

describe('openSqliteAccounts', () => {
  it('keeps everything in one object when asked for :memory:', async () => {
    await using first = await openSqliteAccounts({ file: ':memory:', hasher: cheapHasher() });
    await using second = await openSqliteAccounts({ file: ':memory:', hasher: cheapHasher() });
    const ana = await first.register('Ana', 'correct horse');
    await expect(first.verify('Ana', 'correct horse')).resolves.toEqual(ana);
    await expect(second.verify('Ana', 'correct horse')).rejects.toMatchObject({ code: 'wrong_credentials' });
  });

  it.each([
    ['an option that it does not know', { files: 'x' }],
    ['a busy timeout below zero', { busyTimeoutMs: -1 }],
    ['a busy timeout that is not a number', { busyTimeoutMs: NaN }],
  ])('refuses %s', async (_, wrong) => {
    const opening = openSqliteAccounts({ file: ':memory:', hasher: cheapHasher(), ...wrong });
    await expect(opening).rejects.toMatchObject({ code: 'bad_request' });
  });
});
