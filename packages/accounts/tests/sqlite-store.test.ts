import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteFile } from '../src/sqlite-file.ts';
import { SqliteStore } from '../src/sqlite-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

const ANA = { userId: 'u1', name: 'Ana', passwordHash: 'hash-1' };

let directory: TemporaryDirectory;
let file: string;
let store: SqliteStore;
let other: DatabaseSync;

beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory.path, 'accounts.db');
  store = new SqliteStore(openSqliteFile({ file, busyTimeoutMs: 0 }));
  other = new DatabaseSync(file);
});

afterEach(async () => {
  other.close();
  await store.close();
  await directory.remove();
});

describe('SqliteStore', () => {
  it('inserts a key once', async () => {
    await expect(store.insert('ana', ANA)).resolves.toBe(true);
    await expect(store.insert('ana', { ...ANA, userId: 'u2' })).resolves.toBe(false);
    await expect(store.find('ana')).resolves.toEqual(ANA);
    await expect(store.find('bo')).resolves.toBeUndefined();
  });

  it('refuses a user id that is in use, as storage', async () => {
    await store.insert('ana', ANA);
    await expect(store.insert('bo', ANA)).rejects.toMatchObject({ code: 'storage' });
  });

  it('replaces a hash only while it is the one that was read', async () => {
    await store.insert('ana', ANA);
    await store.replaceHash('u1', { from: 'stale', to: 'hash-2' });
    await expect(store.find('ana')).resolves.toEqual(ANA);
    await store.replaceHash('u1', { from: 'hash-1', to: 'hash-2' });
    await expect(store.find('ana')).resolves.toEqual({ ...ANA, passwordHash: 'hash-2' });
  });

  it('says that another process holds the file, and works again once it is let go', async () => {
    other.exec('BEGIN IMMEDIATE');
    await expect(store.insert('ana', ANA)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('Another process holds it'),
    });
    await expect(store.nextIncarnation()).rejects.toMatchObject({ code: 'storage' });
    await expect(store.find('ana')).resolves.toBeUndefined();
    other.exec('ROLLBACK');
    await expect(store.insert('ana', ANA)).resolves.toBe(true);
    await expect(store.nextIncarnation()).resolves.toBe(1);
  });

  it('says that the incarnation counter is gone', async () => {
    other.exec('DELETE FROM counter');
    await expect(store.nextIncarnation()).rejects.toMatchObject({ code: 'storage' });
  });

  it('records when an account was made, in milliseconds', async () => {
    const [earliest, latest] = [Date.parse('2026-01-01'), Date.parse('2200-01-01')];
    await store.insert('ana', ANA);
    const row = other.prepare('SELECT created_at FROM account').get();
    expect(row?.['created_at']).toBeGreaterThan(earliest);
    expect(row?.['created_at']).toBeLessThan(latest);
  });
});
