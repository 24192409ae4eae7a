/**
 * Accounts in a PostgreSQL database: puts the connections, the rows and the rules together, and does nothing
 * else.
 */
import { nodePlatform } from '@lobby/net-frame';
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import type { Accounts } from './accounts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { PostgresStore } from './postgres-store.ts';
import { StoredAccounts } from './stored-accounts.ts';

export interface PostgresAccountsOptions {
  /**
   * `postgres://user:password@host:port/database`, its parts percent-encoded; `?sslmode=verify-full` for TLS.
   * The password goes into no error.
   */
  readonly url: string;
  readonly hasher: PasswordHasher;
  /** Connections at most; 4. They are made when they are needed and given up when they are not. */
  readonly poolSize?: number;
  /** How long a call waits for a connection, an idle or a new one; 5000. */
  readonly connectTimeoutMs?: number;
  /**
   * How long the server may take over a statement before it gives it up; 5000. A dead one is left a second
   * later.
   */
  readonly statementTimeoutMs?: number;
}

const DEFAULTS = Object.freeze({ poolSize: 4, connectTimeoutMs: 5000, statementTimeoutMs: 5000 });
const OPTIONS = ['url', 'hasher', ...Object.keys(DEFAULTS)];

/**
 * Connects, and brings the tables to the newest schema. Any number of processes may share the database and
 * start at the same time.
 *
 * Afterwards a lost connection, or a server that is away, makes the calls of that time reject with `storage`;
 * the next call connects anew. Rejects with `storage` when the server cannot be reached, refuses the user, or
 * has the tables of a newer program; with `bad_request` for a wrong option.
 */
export async function openPostgresAccounts(options: PostgresAccountsOptions): Promise<Accounts> {
  requireKnownKeys('openPostgresAccounts', options, OPTIONS);
  const { url, hasher, poolSize, connectTimeoutMs, statementTimeoutMs } = { ...DEFAULTS, ...options };
  requireInteger('poolSize', poolSize, { min: 1, max: 100 });
  requireInteger('connectTimeoutMs', connectTimeoutMs, { min: 1, max: 60_000 });
  requireInteger('statementTimeoutMs', statementTimeoutMs, { min: 1, max: 60_000 });
  const database = await PostgresDatabase.open({ url, poolSize, connectTimeoutMs, statementTimeoutMs });
  return new StoredAccounts(new PostgresStore(database), { hasher, clock: nodePlatform().clock });
}
