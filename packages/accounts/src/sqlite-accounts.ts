/** Accounts in one SQLite file: puts the thread of the file and the rules together, and does nothing else. */
import { nodePlatform } from '@lobby/net-frame';
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import type { Accounts } from './accounts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { StoredAccounts } from './stored-accounts.ts';
import { ThreadedStore } from './threaded-store.ts';

export interface SqliteAccountsOptions {
  /** The file, created with its directory where missing; `:memory:` keeps everything in this object alone. */
  readonly file: string;
  readonly hasher: PasswordHasher;
  /**
   * How long a call waits while another process writes to the file; 2000. Calls behind it wait too; the event
   * loop does not.
   */
  readonly busyTimeoutMs?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 2000;
const OPTIONS = ['file', 'hasher', 'busyTimeoutMs'] as const satisfies (keyof SqliteAccountsOptions)[];

/**
 * Opens or creates the file. Several processes may have it open, and may start at the same time.
 *
 * Rejects with `storage` when the file cannot be opened, is held by another process for longer than the busy
 * timeout, is not an accounts file, or was written by a newer program; with `bad_request` for a wrong option.
 */
export async function openSqliteAccounts(options: SqliteAccountsOptions): Promise<Accounts> {
  requireKnownKeys('openSqliteAccounts', options, OPTIONS);
  const { file, hasher, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options;
  requireInteger('busyTimeoutMs', busyTimeoutMs, { min: 0, max: 60_000 });
  const { clock } = nodePlatform();
  return new StoredAccounts(await ThreadedStore.open({ file, busyTimeoutMs }, clock), { hasher, clock });
}
