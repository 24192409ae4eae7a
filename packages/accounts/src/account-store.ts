/**
 * What a database owes the accounts: rows in, rows out, each verb atomic and durable by itself.
 * It knows no rule and no password; rules and hashing are in `stored-accounts.ts`, once for every database.
 */
import type { BoundName, NameUse } from './bound-name.ts';
import type { KnownSource } from './known-source.ts';
import type { TokenKey } from './token-key.ts';
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
   * Stores the account and binds its name to it, unless the name is bound; `false` says that it is. The
   * database decides, in one step.
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
  boundName(key: string): Promise<BoundName | undefined>;
  /**
   * Binds each of these names that is not bound, and raises the time of those that are bound to the same
   * user. No name stands among them twice.
   */
  bindNames(uses: readonly NameUse[]): Promise<void>;
  /** Frees a name that an identity's user has; `false` says that none has. */
  unbindName(key: string): Promise<boolean>;
  /** Deletes what does not matter any more: what was made void, and names that were used, by then. */
  forget(byMs: { readonly voided: number; readonly used: number }): Promise<void>;
  /** All keys, the newest first. */
  tokenKeys(): Promise<readonly TokenKey[]>;
  /** Stores the key unless there is one of its number; `false` says that there is. */
  addTokenKey(key: TokenKey): Promise<boolean>;
  /** Deletes the keys of smaller numbers. */
  dropTokenKeys(belowNth: number): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}
