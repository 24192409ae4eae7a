/**
 * The tables of the accounts in PostgreSQL, as the steps that led to them; `lobby_schema_version` has a row
 * for each that was done. They stand in the first schema of the user's search path, so their names say whose
 * they are. A step that was released is never changed; a new one is appended. Invariant: a database has all
 * of the steps up to its version or none, whoever crashes or starts at the same time.
 */
import type { ClientBase } from 'pg';
import { AccountError } from './account-error.ts';

const MIGRATIONS: readonly string[] = [
  // The collation "C" compares bytes: no update of the system's locales can make two keys equal, or an index
  // wrong. `created_at` is by the database's clock; it is for operators, nothing decides by it.
  `CREATE TABLE lobby_account (
     user_id       text COLLATE "C" NOT NULL PRIMARY KEY,
     name_key      text COLLATE "C" NOT NULL UNIQUE,
     name          text NOT NULL,
     password_hash text NOT NULL,
     created_at    timestamptz NOT NULL DEFAULT now()
   );
   CREATE TABLE lobby_counter (
     name  text COLLATE "C" NOT NULL PRIMARY KEY,
     value bigint NOT NULL
   );
   INSERT INTO lobby_counter (name, value) VALUES ('incarnation', 0);`,
  // No reference to an account: a user of an identity service has none here.
  `CREATE TABLE lobby_voided_token (
     name_key text COLLATE "C" NOT NULL PRIMARY KEY,
     epoch    bigint NOT NULL,
     at_ms    bigint NOT NULL
   );`,
  `CREATE TABLE lobby_known_source (
     name_key text COLLATE "C" NOT NULL,
     source   text COLLATE "C" NOT NULL,
     at_ms    bigint NOT NULL,
     PRIMARY KEY (name_key, source)
   );`,
  // Where `used_at_ms` is null the name is an account's.
  `CREATE TABLE lobby_bound_name (
     name_key   text COLLATE "C" NOT NULL PRIMARY KEY,
     user_id    text COLLATE "C" NOT NULL,
     used_at_ms bigint
   );
   INSERT INTO lobby_bound_name (name_key, user_id) SELECT name_key, user_id FROM lobby_account;
   CREATE TABLE lobby_token_key (
     nth        bigint NOT NULL PRIMARY KEY,
     secret     text   NOT NULL,
     made_at_ms bigint NOT NULL
   );`,
];

/** Any number that all masters agree on and nobody else uses: the letters `lobby` as bytes. */
const ADVISORY_LOCK = 0x6c6f626279;

/**
 * Brings the database to the newest schema, in one transaction. Processes that start together wait for the
 * first, then find nothing to do. Rejects with `storage` for a database of a newer program, and with the
 * driver's own error when a step fails or the wait takes longer than the client's time-out; what was done is
 * then undone by the end of the client's connection, which is the caller's.
 */
export async function migratePostgres(
  client: ClientBase,
  migrations: readonly string[] = MIGRATIONS,
): Promise<void> {
  // Read committed: what is read under the lock is what its last holder wrote, not a snapshot from before the
  // wait.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`);
  const version = await versionOf(client);
  if (version > migrations.length) throw newerDatabase(version, migrations.length);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    await client.query(step);
    await client.query('INSERT INTO lobby_schema_version (version) VALUES ($1)', [index + 1]);
  }
  await client.query('COMMIT');
}

async function versionOf(client: ClientBase): Promise<number> {
  // Looked for first: one who may only read and write rows can start where the tables are there.
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('lobby_schema_version') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) {
    await client.query(
      `CREATE TABLE lobby_schema_version (
         version    integer NOT NULL PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
  }
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM lobby_schema_version',
  );
  return rows[0]?.version ?? 0;
}

function newerDatabase(version: number, known: number): AccountError {
  return new AccountError(
    'storage',
    `The accounts database has schema version ${version}, this program knows ${known}: run the newer program, or use another database.`,
  );
}
