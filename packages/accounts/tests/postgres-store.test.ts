/** The rows and the tables in PostgreSQL, seen by a connection that knows nothing of ours. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { PostgresDatabase } from '../src/postgres-database.ts';
import { migratePostgres } from '../src/postgres-migrations.ts';
import { PostgresStore } from '../src/postgres-store.ts';
import { PostgresServer } from './postgres-server.ts';

const ANA = { userId: 'u1', name: 'Ana', passwordHash: 'hash-1' };
const STATEMENT_TIMEOUT_MS = 200;

let server: PostgresServer;
let url: string;
let database: PostgresDatabase;
let store: PostgresStore;
let other: Client;

beforeAll(async () => {
  server = await PostgresServer.create();
});

afterAll(() => server.remove());

beforeEach(async () => {
  url = await server.createSchema();
  database = await openDatabase();
  store = new PostgresStore(database);
  other = new Client({ connectionString: url });
  await other.connect();
});

afterEach(async () => {
  await store.close();
  await other.end();
});

function openDatabase(at = url): Promise<PostgresDatabase> {
  const times = { connectTimeoutMs: 5000, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  return PostgresDatabase.open({ url: at, poolSize: 1, ...times });
}

describe('PostgresStore', () => {
  it('inserts a key once', async () => {
    await expect(store.insert('ana', ANA)).resolves.toBe(true);
    await expect(store.insert('ana', { ...ANA, userId: 'u2' })).resolves.toBe(false);
    await expect(store.find('ana')).resolves.toEqual(ANA);
    await expect(store.find('bo')).resolves.toBeUndefined();
  });

  it('refuses a user id that is in use, as storage, and shows nothing of the row', async () => {
    await store.insert('ana', ANA);
    const error: unknown = await store.insert('bo', ANA).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'storage', message: expect.stringContaining('(23505)') });
    expect(error).not.toHaveProperty('cause');
  });

  it('replaces a hash only while it is the one that was read', async () => {
    await store.insert('ana', ANA);
    await store.replaceHash('u1', { from: 'stale', to: 'hash-2' });
    await expect(store.find('ana')).resolves.toEqual(ANA);
    await store.replaceHash('u1', { from: 'hash-1', to: 'hash-2' });
    await expect(store.find('ana')).resolves.toEqual({ ...ANA, passwordHash: 'hash-2' });
  });

  it('says that something holds the table, and works again once it is let go', async () => {
    await other.query('BEGIN; LOCK TABLE lobby_account');
    await expect(store.insert('ana', ANA)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('Something holds its tables'),
    });
    await other.query('ROLLBACK');
    await expect(store.insert('ana', ANA)).resolves.toBe(true);
  });

  it('gives a connection up whose server has stopped answering, and takes another', async () => {
    await store.insert('ana', ANA);
    const { rows } = await other.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'lobby-accounts'",
    );
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
    try {
      await expect(store.find('ana')).rejects.toMatchObject({ code: 'storage' });
      await expect(store.find('ana')).resolves.toEqual(ANA);
    } finally {
      for (const { pid } of rows) process.kill(pid, 'SIGCONT');
    }
    expect(rows).toHaveLength(1);
  });

  it('finishes what was asked before it closes', async () => {
    const asked = ['ana', 'bo', 'cy'].map((key) => store.insert(key, { ...ANA, userId: key }));
    await store.close();
    await expect(Promise.all(asked)).resolves.toEqual([true, true, true]);
  });

  it('says that the incarnation counter is gone', async () => {
    await other.query('DELETE FROM lobby_counter');
    await expect(store.nextIncarnation()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('lost its incarnation counter'),
    });
  });

  it('says that a table is gone', async () => {
    await other.query('DROP TABLE lobby_account');
    await expect(store.find('ana')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/lobby_account.*restore them from a backup/),
    });
  });

  it('refuses a database that a newer program wrote', async () => {
    await other.query('INSERT INTO lobby_schema_version (version) VALUES (99)');
    await expect(openDatabase()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/schema version 99.*run the newer program/),
    });
  });

  it('starts with a user who may read and write rows, and nothing else', async () => {
    const schema = (await other.query<{ name: string }>('SELECT current_schema AS name')).rows[0]?.name;
    await other.query(`CREATE ROLE ${schema}_rows LOGIN PASSWORD 'rows';
      GRANT USAGE ON SCHEMA ${schema} TO ${schema}_rows;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${schema}_rows`);
    const limited = url.replace(/\/\/[^@]+@/, `//${schema}_rows:rows@`);
    const rows = new PostgresStore(await openDatabase(limited));
    await expect(rows.insert('ana', ANA)).resolves.toBe(true);
    await expect(rows.nextIncarnation()).resolves.toBe(1);
    await rows.knowSource({ key: 'ana', source: '192.0.2.1', atMs: 1 });
    await expect(rows.knownSources('ana')).resolves.toHaveLength(1);
    await rows.close();
    await other.query('DROP TABLE lobby_schema_version');
    await expect(openDatabase(limited)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('Grant its user'),
    });
  });
});

describe('migratePostgres', () => {
  const STEP_ONE = 'SELECT 1';

  // As in a database that has had no step.
  beforeEach(() => other.query('DROP TABLE lobby_schema_version'));

  /** Tables of the schema other than the versions. */
  async function tables(): Promise<unknown[]> {
    const { rows } = await other.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables
       WHERE schemaname = current_schema AND tablename NOT LIKE 'lobby_%' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  async function versions(): Promise<unknown[]> {
    const { rows } = await other.query<{ version: number }>(
      'SELECT version FROM lobby_schema_version ORDER BY 1',
    );
    return rows.map(({ version }) => version);
  }

  async function migrate(steps: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await migratePostgres(client, steps);
    } finally {
      await client.end();
    }
  }

  it('does the steps that the database has not had, and only those', async () => {
    const steps = [STEP_ONE, 'CREATE TABLE two ()', 'CREATE TABLE three ()'];
    await migrate(steps.slice(0, 2));
    await migrate(steps);
    await migrate(steps);
    expect(await tables()).toEqual(['three', 'two']);
    expect(await versions()).toEqual([1, 2, 3]);
  });

  it('leaves the database as it was when a step fails', async () => {
    await expect(migrate([STEP_ONE, 'CREATE TABLE two ()', 'CREATE TABLE two ()'])).rejects.toThrow(
      /already exists/,
    );
    expect(await tables()).toEqual([]);
    await expect(versions()).rejects.toThrow(/does not exist/);
  });

  it('does each step once, whoever starts at the same time', async () => {
    const steps = [STEP_ONE, 'CREATE TABLE two (n integer)', 'INSERT INTO two VALUES (1)'];
    await Promise.all(Array.from({ length: 6 }, () => migrate(steps)));
    expect((await other.query('SELECT n FROM two')).rows).toEqual([{ n: 1 }]);
    expect(await versions()).toEqual([1, 2, 3]);
  });
});
