/**
 * Opens the accounts file: directory, permissions, journal, durability, schema. Knows no account.
 *
 * WAL with synchronous=FULL: a commit that returned is on the disk, and readers don't wait for writers.
 * Only the user who runs the process can read the file; its passwords are hashed, its names are not.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AccountError } from './account-error.ts';
import { isAlreadyThere, isBusy, messageOf } from './native-error.ts';
import { migrate } from './sqlite-migrations.ts';

export interface SqliteFileOptions {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

const IN_MEMORY = ':memory:';

const WAL_ATTEMPTS = 20;

/** An open database of the newest schema. Throws `storage`, with what to do, when the file cannot be had. */
export function openSqliteFile({ file, busyTimeoutMs }: SqliteFileOptions): DatabaseSync {
  // An absolute path is never taken for a `file:` URI by SQLite.
  const path = file === IN_MEMORY ? file : resolve(file);
  let database: DatabaseSync | undefined;
  try {
    if (path !== IN_MEMORY) createPrivately(path);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    enterWal(database, path);
    database.exec('PRAGMA synchronous = FULL');
    migrate(database);
    return database;
  } catch (error) {
    if (database?.isOpen === true) database.close();
    if (error instanceof AccountError) throw error;
    throw cannotOpen(path, error);
  }
}

/**
 * SQLite would create the file readable by everybody. It is created only where there is none: to open and
 * close an existing one would drop the locks that other connections of this process hold on it (POSIX locks
 * are per process).
 */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
}

/**
 * Two connections that turn a new file to WAL at once would wait for each other, so SQLite refuses one of
 * them without waiting. That one waits for the write lock, which has a busy timeout, and then finds it done.
 */
function enterWal(database: DatabaseSync, path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode === 'wal' || path === IN_MEMORY) return;
      throw new AccountError(
        'storage',
        `The accounts file ${path} cannot have a write-ahead log there: put it on a local disk.`,
      );
    } catch (error) {
      if (!isBusy(error) || attempt === WAL_ATTEMPTS) throw error;
      database.exec('BEGIN IMMEDIATE; COMMIT');
    }
  }
}

function cannotOpen(path: string, cause: unknown): AccountError {
  const advice = isBusy(cause)
    ? 'Another process holds it; stop that process and try again.'
    : 'Give a file that this user may create and write, in a directory that this user may write, or restore it from a backup.';
  return new AccountError(
    'storage',
    `The accounts file ${path} cannot be opened: ${messageOf(cause)}. ${advice}`,
    {
      cause,
    },
  );
}
