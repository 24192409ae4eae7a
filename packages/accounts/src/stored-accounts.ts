/**
 * Accounts over any store: the rules of names and passwords, hashing, and what a caller may learn.
 * Knows no database and no hash function.
 *
 * Invariant: for a well-formed name and password `verify` does one hash whether the name is known or not, and
 * fails with one and the same error, so that it cannot be used to find out names.
 */
import { randomUUID } from 'node:crypto';
import { NAME_RULE, parseName, userKey } from '@lobby/protocol';
import { AccountError } from './account-error.ts';
import type { AccountStore } from './account-store.ts';
import type { Account, Accounts } from './accounts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { VoidedTokens } from './voided-token.ts';
import { PASSWORD_RULE, parsePassword } from './password-rule.ts';

export class StoredAccounts implements Accounts {
  readonly #store: AccountStore;
  readonly #hasher: PasswordHasher;

  constructor(store: AccountStore, hasher: PasswordHasher) {
    this.#store = store;
    this.#hasher = hasher;
  }

  async register(name: string, password: string): Promise<Account> {
    const wanted = requireName(name);
    const passwordHash = await this.#hasher.hash(requirePassword(password));
    const account = { userId: randomUUID(), name: wanted };
    if (!(await this.#store.insert(userKey(wanted), { ...account, passwordHash }))) {
      throw new AccountError('name_taken', 'This name is taken. Choose another one.');
    }
    return account;
  }

  async verify(name: string, password: string): Promise<Account> {
    const given = parsePassword(password);
    if (parseName(name) === undefined || given === undefined) throw wrongCredentials();
    const found = await this.#store.find(userKey(name));
    const matches = await this.#hasher.verify(given, found?.passwordHash ?? this.#hasher.decoy);
    if (found === undefined || !matches) {
      throw wrongCredentials();
    }
    const { userId, passwordHash } = found;
    if (this.#hasher.needsRehash(passwordHash)) await this.#rehash(userId, passwordHash, given);
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
  async #rehash(userId: string, from: string, password: string): Promise<void> {
    try {
      await this.#store.replaceHash(userId, { from, to: await this.#hasher.hash(password) });
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
    }
  }
}

function wrongCredentials(): AccountError {
  return new AccountError('wrong_credentials', 'The name or the password is wrong. Check both, or register.');
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
