/** Accounts and tokens without hashing, signing and storage: what they promise, at once. */
import { AccountError } from '@lobby/accounts';
import type {
  Account,
  Accounts,
  Asker,
  KnownSource,
  TokenIdentity,
  TokenIssuer,
  VoidedTokens,
} from '@lobby/accounts';
import { userKey } from '@lobby/protocol';

/** Outlives the masters that use it, as a database does. */
export class MemoryAccounts implements Accounts {
  readonly #accounts = new Map<string, Account & { readonly password: string }>();
  readonly #voided = new Map<string, VoidedTokens>();
  readonly #known: KnownSource[] = [];
  /** On whose behalf passwords were hashed, in order. */
  readonly askers: (Asker | undefined)[] = [];
  #incarnations = 0;
  /** The storage can't be written. */
  broken = false;
  /** What the next call waits for before it does its work. */
  before: () => Promise<void> = () => Promise.resolve();

  async register(name: string, password: string, by?: Asker): Promise<Account> {
    this.askers.push(by);
    await this.before();
    const key = userKey(name);
    if (this.#accounts.has(key)) throw new AccountError('name_taken', `${name} is taken`);
    const account = { userId: `id-${key}`, name, password };
    this.#accounts.set(key, account);
    return account;
  }

  async verify(name: string, password: string, by?: Asker): Promise<Account> {
    this.askers.push(by);
    await this.before();
    const account = this.#accounts.get(userKey(name));
    if (account?.password !== password)
      throw new AccountError('wrong_credentials', 'name or password is wrong');
    return account;
  }

  async nextIncarnation(): Promise<number> {
    return (this.#incarnations += 1);
  }

  async voidTokens(voided: VoidedTokens): Promise<void> {
    if (this.broken) throw new AccountError('storage', 'the storage is away');
    this.#voided.set(voided.key, voided);
  }

  async voidedTokens(): Promise<readonly VoidedTokens[]> {
    return [...this.#voided.values()];
  }

  async knowSource(known: KnownSource): Promise<void> {
    if (this.broken) throw new AccountError('storage', 'the storage is away');
    this.#known.push(known);
  }

  async knownSources(key: string): Promise<readonly KnownSource[]> {
    if (this.broken) throw new AccountError('storage', 'the storage is away');
    return this.#known.filter((known) => known.key === key);
  }

  async close(): Promise<void> {
    // Nothing is held.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const PREFIX = 'token of ';

/** A token says who it is about, and for which login it was issued, in plain words. */
export const plainTokens: TokenIssuer = Object.freeze({
  issue: async ({ name, epoch }: TokenIdentity) => tokenOf(name, epoch === undefined ? {} : { epoch }),
  verify: async (token: string) => {
    if (!token.startsWith(PREFIX)) throw new AccountError('wrong_credentials', 'this is no token');
    return JSON.parse(token.slice(PREFIX.length)) as TokenIdentity;
  },
});

/** A token of an identity service that shares the key; or, with an epoch, one that lobby-master issued. */
export function tokenOf(name: string, more: Partial<TokenIdentity> = {}): string {
  return `${PREFIX}${JSON.stringify({ name, ...more })}`;
}
