/**
 * The connections to one PostgreSQL database: who makes them, how long anything may take, how they end. Knows
 * no account.
 *
 * Every statement settles: the server gives it up after its time-out, and where the server is silent this
 * side does, a second later. A connection that failed is thrown away, and the next statement takes another:
 * so a server that comes back is used again, and nobody has to notice.
 */
import { Client, Pool } from 'pg';
import type { ClientConfig } from 'pg';
import { AccountError } from './account-error.ts';
import { describePostgresUrl } from './postgres-url.ts';
import { describePostgresFailure } from './postgres-failure.ts';
import { migratePostgres } from './postgres-migrations.ts';

export interface PostgresDatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export type PostgresRow = Readonly<Record<string, unknown>>;

export interface PostgresResult {
  readonly rows: readonly PostgresRow[];
  /** The rows that were read or written. */
  readonly count: number;
}

/** What this side waits on top, so that a living server is the one that says a statement took too long. */
const SERVER_HEAD_START_MS = 1000;
/** A step may rewrite a table, and whoever starts at the same time waits for it. */
const MIGRATION_TIMEOUT_MS = 60_000;
const IDLE_CONNECTION_MS = 30_000;

/** A value of a statement: a text, or an array of them. */
type PostgresValue = string | readonly string[];

export class PostgresDatabase {
  readonly #pool: Pool;
  /** Where it is, without the password. */
  readonly #place: string;
  readonly #open = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(pool: Pool, place: string) {
    this.#pool = pool;
    this.#place = place;
    // A connection that breaks while nobody uses it: the pool has dropped it, and the next statement takes
    // another.
    pool.on('error', () => {});
  }

  /** A database of the newest schema. Rejects with `storage`, or `bad_request` for a URL that is none. */
  static async open(options: PostgresDatabaseOptions): Promise<PostgresDatabase> {
    const place = describePostgresUrl(options.url);
    try {
      await prepare(options);
      const pool = new Pool({
        ...connection(options, options.statementTimeoutMs),
        max: options.poolSize,
        idleTimeoutMillis: IDLE_CONNECTION_MS,
      });
      return new PostgresDatabase(pool, place);
    } catch (error) {
      throw storageError(place, error);
    }
  }

  /**
   * One statement, which is a transaction by itself. Rejects with `storage`; it may then have been done or
   * not.
   */
  async run(statement: string, values: readonly PostgresValue[] = []): Promise<PostgresResult> {
    if (this.#closing !== undefined) {
      throw new AccountError('storage', 'The accounts are closed: open them again to use them.');
    }
    const running = this.#pool.query<PostgresRow>(statement, [...values]);
    this.#open.add(running);
    try {
      const { rows, rowCount } = await running;
      return { rows, count: rowCount ?? 0 };
    } catch (error) {
      throw storageError(this.#place, error);
    } finally {
      this.#open.delete(running);
    }
  }

  /**
   * Takes no more statements, lets those that are under way end, and gives the connections back. Idempotent.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#open);
    await this.#pool.end();
  }
}

/**
 * Migrates over a connection of its own, because a migration may take longer than any statement of a call.
 */
async function prepare(options: PostgresDatabaseOptions): Promise<void> {
  const client = new Client(connection(options, MIGRATION_TIMEOUT_MS));
  // Told once more to whoever waits for a statement; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await migratePostgres(client);
  } finally {
    await client.end();
  }
}

function connection(options: PostgresDatabaseOptions, statementTimeoutMs: number): ClientConfig {
  return {
    connectionString: options.url,
    application_name: 'lobby-accounts',
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SERVER_HEAD_START_MS,
    keepAlive: true,
  };
}

/** Without the cause: what the driver throws can hold the values of a row. */
function storageError(place: string, cause: unknown): AccountError {
  if (cause instanceof AccountError) return cause;
  const { what, advice } = describePostgresFailure(cause);
  return new AccountError('storage', `The accounts database ${place} failed: ${what}. ${advice}`);
}
