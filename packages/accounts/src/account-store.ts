/**
 * What a database owes the accounts: rows in, rows out, each verb atomic and durable by itself.
 * It knows no rule and no password; rules and hashing are in `stored-accounts.ts`, once for every database.
 */
import type { KnownSource } from './known-source.ts';
import type { VoidedTokens } from './voided-token.ts';

/** One row. `passwordHash` is an encoded hash (PHC string), never a password. */
export interface AccountRecord {
  readonly userId: string;
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Every verb rejects with an `AccountError` of code `storage` when the database cannot do it, or is closed.
 */
export interface AccountStore {
  /**
   * Stores the account unless its key has one; `false` says that it has. The database decides, in one step.
   */
  insert(key: string, account: AccountRecord): Promise<boolean>;
  find(key: string): Promise<AccountRecord | undefined>;
  /** Replaces the hash if it still is `from`; a password that was changed meanwhile stays. */
  replaceHash(userId: string, hash: { readonly from: string; readonly to: string }): Promise<void>;
  /** Increments the persisted counter and returns it: 1 at first. */
  nextIncarnation(): Promise<number>;
  /** Stores the row, or raises the one that is there: epoch and time never go back. */
  voidTokens(voided: VoidedTokens): Promise<void>;
  voidedTokens(): Promise<readonly VoidedTokens[]>;
  /**
   * Stores the source, or raises the time of the one that is there; of more than `SOURCES_OF_USER` of one key
   * the oldest go.
   */
  knowSource(known: KnownSource): Promise<void>;
  /** Those of a key, the newest first. */
  knownSources(key: string): Promise<readonly KnownSource[]>;
  /** Idempotent. */
  close(): Promise<void>;
}
