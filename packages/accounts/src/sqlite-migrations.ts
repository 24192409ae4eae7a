/**
 * The schema of the accounts file, as the steps that led to it. The file's `user_version` counts the steps it
 * has had. A step that was released is never changed; a new one is appended. Invariant: a file has all of the
 * steps up to its version or none, whoever crashes or starts at the same time.
 */
import type { DatabaseSync } from 'node:sqlite';
import { AccountError } from './account-error.ts';

const MIGRATIONS: readonly string[] = [
  // `created_at` is milliseconds, by the database's clock; it is for operators, nothing decides by it.
  `CREATE TABLE account (
     user_id       TEXT    NOT NULL PRIMARY KEY,
     name_key      TEXT    NOT NULL UNIQUE,
     name          TEXT    NOT NULL,
     password_hash TEXT    NOT NULL,
     created_at    INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))
   ) STRICT;
   CREATE TABLE counter (
     name  TEXT    NOT NULL PRIMARY KEY,
     value INTEGER NOT NULL
   ) STRICT;
   INSERT INTO counter (name, value) VALUES ('incarnation', 0);`,
  // No reference to an account: a user of an identity service has none here.
  `CREATE TABLE voided_token (
     name_key TEXT    NOT NULL PRIMARY KEY,
     epoch    INTEGER NOT NULL,
     at_ms    INTEGER NOT NULL
   ) STRICT;`,
  `CREATE TABLE known_source (
     name_key TEXT    NOT NULL,
     source   TEXT    NOT NULL,
     at_ms    INTEGER NOT NULL,
     PRIMARY KEY (name_key, source)
   ) STRICT, WITHOUT ROWID;`,
  // Where `used_at_ms` is null the name is an account's.
  `CREATE TABLE bound_name (
     name_key   TEXT    NOT NULL PRIMARY KEY,
     user_id    TEXT    NOT NULL,
     used_at_ms INTEGER
   ) STRICT;
   INSERT INTO bound_name (name_key, user_id) SELECT name_key, user_id FROM account;
   CREATE TABLE token_key (
     nth        INTEGER NOT NULL PRIMARY KEY,
     secret     TEXT    NOT NULL,
     made_at_ms INTEGER NOT NULL
   ) STRICT;`,
];

/**
 * Brings the database to the newest schema, in one transaction. Processes that start together wait for the
 * first, then find nothing to do. Throws `storage` for a file of a newer program, and SQLite's own error when
 * a step fails.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  // IMMEDIATE: the version is read under the write lock, so that two processes cannot both find it old.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > migrations.length) throw newerFile(version, migrations.length);
    for (const step of migrations.slice(version)) database.exec(step);
    if (version < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function newerFile(version: number, known: number): AccountError {
  return new AccountError(
    'storage',
    `The accounts file has schema version ${version}, this program knows ${known}: run the newer program, or use another file.`,
  );
}
