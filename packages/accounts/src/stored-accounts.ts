/**
 * Accounts over any store: the rules of names and passwords, hashing, and what a caller may learn.
 * Knows no database and no hash function.
 *
 * Invariant: for a well-formed name and password `verify` does one hash whether the name is known or not, and
 * fails with one and the same error, so that it cannot be used to find out names. What is refused is refused
 * before the dear work: by rule, by the queue of the hashes, by a look at the store, and only then by a hash.
 * Looks that strangers cause take turns by source too, a few at a time: the store is free for all else.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '@lobby/net-frame';
import { NAME_RULE, parseName, userKey } from '@lobby/protocol';
import { AccountError } from './account-error.ts';
import type { AccountRecord, AccountStore } from './account-store.ts';
import type { Account, Accounts, Asker } from './accounts.ts';
import type { BoundName, NameUse } from './bound-name.ts';
import { FairPool } from './fair-pool.ts';
import type { KnownSource } from './known-source.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { TokenKey } from './token-key.ts';
import type { VoidedTokens } from './voided-token.ts';
import { PASSWORD_RULE, parsePassword } from './password-rule.ts';

/** Whoever asks without saying so. */
const ANYBODY: Asker = Object.freeze({ networks: ['anybody'], gone: () => false, yields: false });

export interface StoredAccountsOptions {
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
}

/** Two at once keep a file's thread busy, and are half of the connections to a database. */
const LOOKS = Object.freeze({ concurrency: 2, patienceMs: 2_000, jobMs: 1 });

export class StoredAccounts implements Accounts {
  readonly #store: AccountStore;
  readonly #hasher: PasswordHasher;
  /** What strangers have looked up. */
  readonly #looks: FairPool;

  constructor(store: AccountStore, { hasher, clock }: StoredAccountsOptions) {
    this.#store = store;
    this.#hasher = hasher;
    this.#looks = new FairPool({ clock, ...LOOKS });
  }

  async register(name: string, password: string, by: Asker = ANYBODY): Promise<Account> {
    const registering = { ...by, yields: true };
    const wanted = requireName(name);
    const given = requirePassword(password);
    const key = userKey(wanted);
    this.#hasher.requireRoom(registering);
    const owner = await this.#looks.run(registering, () => this.#store.boundName(key));
    if (owner !== undefined) throw nameTaken();
    const passwordHash = await this.#hasher.hash(given, registering);
    const account = { userId: randomUUID(), name: wanted };
    // Somebody may have been quicker: the store decides.
    if (!(await this.#store.insert(key, { ...account, passwordHash }))) throw nameTaken();
    return account;
  }

  async verify(name: string, password: string, by: Asker = ANYBODY): Promise<Account> {
    const given = parsePassword(password);
    if (parseName(name) === undefined || given === undefined) throw wrongCredentials();
    this.#hasher.requireRoom(by);
    const found = await this.#looks.run(by, () => this.#store.find(userKey(name)));
    const matches = await this.#hasher.verify(given, found?.passwordHash ?? this.#hasher.decoy, by);
    if (found === undefined || !matches) {
      throw wrongCredentials();
    }
    const { userId, passwordHash } = found;
    if (this.#hasher.needsRehash(passwordHash)) await this.#rehash(found, given, by);
    return { userId, name: found.name };
  }

  nextIncarnation(): Promise<number> {
    return this.#store.nextIncarnation();
  }

  voidTokens(voided: VoidedTokens): Promise<void> {
    return this.#store.voidTokens(voided);
  }

  voidedTokens(): Promise<readonly VoidedTokens[]> {
    return this.#store.voidedTokens();
  }

  knowSource(known: KnownSource): Promise<void> {
    return this.#store.knowSource(known);
  }

  knownSources(key: string, by: Asker = ANYBODY): Promise<readonly KnownSource[]> {
    return this.#looks.run(by, () => this.#store.knownSources(key));
  }

  async boundName(key: string): Promise<BoundName | undefined> {
    const bound = await this.#store.boundName(key);
    return bound && { ...bound, userId: decodeURIComponent(bound.userId) };
  }

  bindNames(uses: readonly NameUse[]): Promise<void> {
    // An id may hold any character, a column may not: not U+0000.
    return this.#store.bindNames(uses.map((use) => ({ ...use, userId: encodeURIComponent(use.userId) })));
  }

  unbindName(key: string): Promise<boolean> {
    return this.#store.unbindName(key);
  }

  forget(byMs: { readonly voided: number; readonly used: number }): Promise<void> {
    return this.#store.forget(byMs);
  }

  tokenKeys(): Promise<readonly TokenKey[]> {
    return this.#store.tokenKeys();
  }

  addTokenKey(key: TokenKey): Promise<boolean> {
    return this.#store.addTokenKey(key);
  }

  dropTokenKeys(belowNth: number): Promise<void> {
    return this.#store.dropTokenKeys(belowNth);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The user has proved who they are: an upgrade that fails must not cost them the login, the next one does
   * it.
   */
  async #rehash({ userId, passwordHash }: AccountRecord, password: string, by: Asker): Promise<void> {
    try {
      const to = await this.#hasher.hash(password, by);
      await this.#store.replaceHash(userId, { from: passwordHash, to });
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
    }
  }
}

function wrongCredentials(): AccountError {
  return new AccountError('wrong_credentials', 'The name or the password is wrong. Check both, or register.');
}

function nameTaken(): AccountError {
  return new AccountError('name_taken', 'This name is taken. Choose another one.');
}

function requireName(text: string): string {
  const name = parseName(text);
  if (name === undefined) throw new AccountError('bad_request', `${NAME_RULE} Choose another one.`);
  return name;
}

function requirePassword(text: string): string {
  const password = parsePassword(text);
  if (password === undefined) throw new AccountError('bad_request', `${PASSWORD_RULE} Choose another one.`);
  return password;
}
