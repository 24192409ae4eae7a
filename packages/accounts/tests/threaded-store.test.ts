/** The thread of the file: every verb settles, whatever becomes of the thread. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodePlatform } from '@lobby/net-frame';
import { ThreadedStore } from '../src/threaded-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

const { clock } = nodePlatform();
const ANA = { userId: 'u1', name: 'Ana', passwordHash: 'hash-1' };

let directory: TemporaryDirectory;
let file: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory.path, 'accounts.db');
});

afterEach(() => directory.remove());

describe('a store in a thread of its own', () => {
  it('does all verbs, in the order in which they are asked', async () => {
    const store = await ThreadedStore.open({ file, busyTimeoutMs: 0 }, clock);
    const asked = [
      store.insert('ana', ANA),
      store.insert('ana', { ...ANA, userId: 'u2' }),
      store.replaceHash('u1', { from: 'hash-1', to: 'hash-2' }),
      store.find('ana'),
      store.nextIncarnation(),
      store.voidTokens({ key: 'ana', epoch: 3, atMs: 5 }),
      store.voidedTokens(),
      store.find('bo'),
      store.knowSource({ key: 'ana', source: '192.0.2.1', atMs: 6 }),
      store.knownSources('ana'),
    ];
    expect(await Promise.all(asked)).toEqual([
      true,
      false,
      undefined,
      { ...ANA, passwordHash: 'hash-2' },
      1,
      undefined,
      [{ key: 'ana', epoch: 3, atMs: 5 }],
      undefined,
      undefined,
      [{ key: 'ana', source: '192.0.2.1', atMs: 6 }],
    ]);
    await store.close();
  });

  it('says what SQLite says, as storage', async () => {
    const store = await ThreadedStore.open({ file, busyTimeoutMs: 0 }, clock);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.insert('ana', ANA)).rejects.toMatchObject({ name: 'AccountError', code: 'storage' });
    other.exec('ROLLBACK');
    other.close();
    await expect(store.insert('ana', ANA)).resolves.toBe(true);
    await store.close();
  });

  it('does not open where the file cannot be had', async () => {
    await expect(ThreadedStore.open({ file: directory.path, busyTimeoutMs: 0 }, clock)).rejects.toMatchObject(
      {
        code: 'storage',
      },
    );
  });

  it('settles what waits when it is closed, and refuses what comes after', async () => {
    const store = await ThreadedStore.open({ file, busyTimeoutMs: 0 }, clock);
    const waiting = Array.from({ length: 20 }, (_, nth) =>
      store.insert(`key ${nth}`, { ...ANA, userId: `u${nth}` }),
    );
    const settled = Promise.allSettled(waiting);
    await Promise.all([store.close(), store.close()]);
    expect((await settled).length).toBe(20);
    await expect(store.find('ana')).rejects.toMatchObject({ code: 'storage' });
  });

  it('refuses as overloaded what is too much for a file that stands still', async () => {
    const store = await ThreadedStore.open({ file, busyTimeoutMs: 60_000 }, clock);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const waiting = Array.from({ length: 1_000 }, (_, nth) =>
      store.insert(`key ${nth}`, { ...ANA, userId: `u${nth}` }),
    );
    await expect(store.insert('one more', ANA)).rejects.toMatchObject({ code: 'overloaded' });
    await expect(store.find('ana')).rejects.toMatchObject({ code: 'overloaded' });
    const voided = store.voidTokens({ key: 'ana', epoch: 1, atMs: 0 });
    other.exec('ROLLBACK');
    other.close();
    expect((await Promise.all(waiting)).every((inserted) => inserted)).toBe(true);
    await expect(voided).resolves.toBeUndefined();
    await store.close();
  }, 60_000);
});
