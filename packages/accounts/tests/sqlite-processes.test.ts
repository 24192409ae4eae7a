/**
 * One accounts file and several real processes: they start at once, race for names, and are killed while
 * writing.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteAccounts } from '../src/index.ts';
import { AccountProcesses } from './account-processes.ts';
import { cheapHasher } from './fast-hashing.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

const PROCESSES = 4;

let directory: TemporaryDirectory;
let file: string;
let processes: AccountProcesses;

beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory.path, 'accounts.db');
  processes = new AccountProcesses();
});

afterEach(async () => {
  await processes.kill();
  await directory.remove();
});

describe('processes on one SQLite file', () => {
  it('all create it at once, and exactly one of them gets the name', async () => {
    const outcomes = await processes.race(PROCESSES, {
      task: 'registerOne',
      storage: file,
      argument: 'Ana',
    });
    expect(outcomes.flat().toSorted()).toEqual([...Array<string>(PROCESSES - 1).fill('name_taken'), 'won']);
  });

  it('never take the same incarnation, and each sees its own rise', async () => {
    const outcomes = await processes.race(PROCESSES, { task: 'takeIncarnations', storage: file });
    const counted = outcomes.map((lines) => lines.map(Number));
    for (const own of counted) expect(own).toEqual(own.toSorted((a, b) => a - b));
    const expected = Array.from({ length: PROCESSES * 20 }, (_, index) => index + 1);
    expect(counted.flat().toSorted((a, b) => a - b)).toEqual(expected);
    await using accounts = await openSqliteAccounts({ file, hasher: cheapHasher() });
    await expect(accounts.nextIncarnation()).resolves.toBe(expected.length + 1);
  });

  it('lose nothing that was acknowledged when one is killed while it writes', async () => {
    const [child] = await processes.atTheLine(1, { task: 'registerMany', storage: file });
    if (child === undefined) throw new Error('no process was started');
    child.go();
    const acknowledged = [];
    while (acknowledged.length < 25) acknowledged.push(await child.line());
    await child.kill();
    acknowledged.push(...(await child.rest()));

    await using accounts = await openSqliteAccounts({ file, hasher: cheapHasher() });
    for (const name of acknowledged) {
      await expect(accounts.verify(name, `password-of-${name}`)).resolves.toMatchObject({ name });
    }
    await expect(accounts.register('after-the-crash', 'correct horse')).resolves.toBeDefined();
  });
});
