/**
 * Which storage the accounts are in: a matter of settings, never of code. Knows of each only how to open it.
 */
import type { Accounts } from './accounts.ts';
import { requireKnownKeys } from './option-checks.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { openPostgresAccounts } from './postgres-accounts.ts';
import { openSqliteAccounts } from './sqlite-accounts.ts';

export interface AccountsOptions {
  /** Where the PostgreSQL database is, see `openPostgresAccounts`; undefined where there is none. */
  readonly url: string | undefined;
  /** The SQLite file otherwise; not asked for where there is a URL, so a master without a disk can start. */
  readonly file: () => Promise<string>;
  readonly hasher: PasswordHasher;
}

const OPTIONS = ['url', 'file', 'hasher'] as const satisfies (keyof AccountsOptions)[];

/** The accounts in PostgreSQL where a URL is given, in the file otherwise. Rejects as the two do. */
export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  requireKnownKeys('openAccounts', options, OPTIONS);
  const { url, file, hasher } = options;
  if (url !== undefined) return openPostgresAccounts({ url, hasher });
  return openSqliteAccounts({ file: await file(), hasher });
}
