import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteFile } from '../src/sqlite-file.ts';
import { migrate } from '../src/sqlite-migrations.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

let directory: TemporaryDirectory;
let databases: DatabaseSync[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  databases = [];
});

afterEach(async () => {
  for (const database of databases) if (database.isOpen) database.close();
  await directory.remove();
});

function open(file: string): DatabaseSync {
  const database = openSqliteFile({ file, busyTimeoutMs: 0 });
  databases.push(database);
  return database;
}

/** A connection that knows nothing of ours. */
function openPlainly(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  databases.push(database);
  return database;
}

describe('openSqliteFile', () => {
  it('creates the file and the directories above it, for this user alone', async () => {
    const file = join(directory.path, 'a', 'b', 'accounts.db');
    open(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory.path, 'a', 'b'))).mode & 0o777).toBe(0o700);
  });

  it('writes ahead, and syncs every commit', () => {
    const database = open(join(directory.path, 'accounts.db'));
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });

  it('says that another connection writes, and opens once that is done', () => {
    const file = join(directory.path, 'accounts.db');
    const holder = open(file);
    holder.exec('BEGIN IMMEDIATE');
    expect(() => open(file)).toThrow(expect.objectContaining({ code: 'storage' }));
    expect(() => open(file)).toThrow(/accounts\.db cannot be opened: .*Another process holds it/);
    holder.exec('COMMIT');
    expect(open(file).isOpen).toBe(true);
  });

  it('takes a name that looks like a URI for a file', async () => {
    const before = process.cwd();
    process.chdir(directory.path);
    try {
      open('file:accounts.db?mode=memory');
    } finally {
      process.chdir(before);
    }
    expect((await stat(join(directory.path, 'file:accounts.db?mode=memory'))).isFile()).toBe(true);
  });

  it('says what to do when the path leads through a file', async () => {
    await writeFile(join(directory.path, 'plain'), '');
    const file = join(directory.path, 'plain', 'accounts.db');
    expect(() => open(file)).toThrow(
      /plain\/accounts\.db cannot be opened: .*Give a file that this user may/,
    );
  });

  it('says what to do when the path is a directory', async () => {
    await mkdir(join(directory.path, 'accounts.db'));
    const file = join(directory.path, 'accounts.db');
    expect(() => open(file)).toThrow(expect.objectContaining({ name: 'AccountError', code: 'storage' }));
  });

  it('refuses a file that is not a database, and leaves it as it was', async () => {
    const file = join(directory.path, 'accounts.db');
    const content = 'Dear diary, '.repeat(100);
    await writeFile(file, content);
    expect(() => open(file)).toThrow(/cannot be opened: file is not a database/);
    expect((await stat(file)).size).toBe(content.length);
  });

  it('refuses a file that a newer program wrote', () => {
    const file = join(directory.path, 'accounts.db');
    open(file).exec('PRAGMA user_version = 99');
    expect(() => open(file)).toThrow(/schema version 99.*run the newer program/);
  });
});

describe('migrate', () => {
  const tableNames = (database: DatabaseSync) =>
    database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();

  it('does the steps that the file has not had, and only those', () => {
    const database = openPlainly(':memory:');
    const steps = ['CREATE TABLE one (x) ', 'CREATE TABLE two (x)', 'CREATE TABLE three (x)'];
    migrate(database, steps.slice(0, 1));
    migrate(database, steps);
    migrate(database, steps);
    expect(tableNames(database)).toEqual([{ name: 'one' }, { name: 'three' }, { name: 'two' }]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 });
  });

  it('A8: binds the names of the accounts that were there before names were bound', () => {
    const file = join(directory.path, 'accounts.db');
    const database = open(file);
    database.exec(`DROP TABLE bound_name; DROP TABLE token_key; PRAGMA user_version = 3;
      INSERT INTO account (user_id, name_key, name, password_hash) VALUES ('u1', 'ana', 'Ana', 'h')`);
    const bound = open(file).prepare('SELECT name_key, user_id, used_at_ms FROM bound_name').all();
    expect(bound).toEqual([{ name_key: 'ana', user_id: 'u1', used_at_ms: null }]);
  });

  it('leaves the file as it was when a step fails', () => {
    const database = openPlainly(':memory:');
    migrate(database, ['CREATE TABLE one (x)']);
    expect(() => migrate(database, ['', 'CREATE TABLE two (x)', 'CREATE TABLE one (x)'])).toThrow(
      /already exists/,
    );
    expect(tableNames(database)).toEqual([{ name: 'one' }]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(database.isTransaction).toBe(false);
  });
});
