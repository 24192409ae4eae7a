/** Accounts and tokens without hashing, signing and storage: what they promise, at once. */
import { AccountError } from '@lobby/accounts';
import type {
  Account,
  Accounts,
  Asker,
  BoundName,
  KnownSource,
  NameUse,
  TokenIdentity,
  TokenIssuer,
  TokenKey,
  VoidedTokens,
} from '@lobby/accounts';
import { userKey } from '@lobby/protocol';

/** Outlives the masters that use it, as a database does. */
export class MemoryAccounts implements Accounts {
  readonly #accounts = new Map<string, Account & { readonly password: string }>();
  readonly #voided = new Map<string, VoidedTokens>();
  readonly #known: KnownSource[] = [];
  readonly #bound = new Map<string, BoundName>();
  readonly #keys: TokenKey[] = [];
  /** On whose behalf passwords were hashed, in order. */
  readonly askers: (Asker | undefined)[] = [];
  #incarnations = 0;
  /** The storage can't be written. */
  broken = false;
  /** What the next call waits for before it does its work. */
  before: () => Promise<void> = () => Promise.resolve();
  /** What a look at a name, or the binding of some, waits for. */
  beforeNames: () => Promise<void> = () => Promise.resolve();

  async register(name: string, password: string, by?: Asker): Promise<Account> {
    this.askers.push(by);
    await this.before();
    const key = userKey(name);
    if (this.#bound.has(key)) throw new AccountError('name_taken', `${name} is taken`);
    const account = { userId: `id-${key}`, name, password };
    this.#accounts.set(key, account);
    this.#bound.set(key, { key, userId: account.userId });
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
    this.#requireHere();
    this.#voided.set(voided.key, voided);
  }

  async voidedTokens(): Promise<readonly VoidedTokens[]> {
    return [...this.#voided.values()];
  }

  async knowSource(known: KnownSource): Promise<void> {
    this.#requireHere();
    this.#known.push(known);
  }

  async knownSources(key: string): Promise<readonly KnownSource[]> {
    this.#requireHere();
    return this.#known.filter((known) => known.key === key);
  }

  async boundName(key: string): Promise<BoundName | undefined> {
    this.#requireHere();
    await this.beforeNames();
    return this.#bound.get(key);
  }

  async bindNames(uses: readonly NameUse[]): Promise<void> {
    this.#requireHere();
    await this.beforeNames();
    for (const use of uses) {
      const bound = this.#bound.get(use.key) ?? use;
      if (bound.userId !== use.userId || bound.usedAtMs === undefined) continue;
      this.#bound.set(use.key, { ...use, usedAtMs: Math.max(bound.usedAtMs, use.usedAtMs) });
    }
  }

  async unbindName(key: string): Promise<boolean> {
    this.#requireHere();
    return this.#bound.get(key)?.usedAtMs !== undefined && this.#bound.delete(key);
  }

  async forget({ voided, used }: { readonly voided: number; readonly used: number }): Promise<void> {
    this.#requireHere();
    for (const [key, { atMs }] of this.#voided) if (atMs <= voided) this.#voided.delete(key);
    for (const [key, { usedAtMs = Infinity }] of this.#bound) if (usedAtMs <= used) this.#bound.delete(key);
  }

  async tokenKeys(): Promise<readonly TokenKey[]> {
    this.#requireHere();
    return [...this.#keys].toReversed();
  }

  async addTokenKey(key: TokenKey): Promise<boolean> {
    this.#requireHere();
    if (this.#keys.some(({ nth }) => nth === key.nth)) return false;
    this.#keys.push(key);
    return true;
  }

  async dropTokenKeys(belowNth: number): Promise<void> {
    this.#requireHere();
    this.#keys.splice(
      0,
      this.#keys.findIndex(({ nth }) => nth >= belowNth),
    );
  }

  async close(): Promise<void> {
    // Nothing is held.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #requireHere(): void {
    if (this.broken) throw new AccountError('storage', 'the storage is away');
  }
}

const PREFIX = 'token of ';

/** A token says who it is about, and for which login it was issued, in plain words. */
export const plainTokens: TokenIssuer = Object.freeze({
  issue: async ({ name, ...more }: TokenIdentity) => tokenOf(name, more),
  verify: async (token: string) => {
    if (!token.startsWith(PREFIX)) throw new AccountError('wrong_credentials', 'this is no token');
    return JSON.parse(token.slice(PREFIX.length)) as TokenIdentity;
  },
});

/** A token of an identity service that shares the key; or, with an epoch, one that lobby-master issued. */
export function tokenOf(name: string, more: Partial<TokenIdentity> = {}): string {
  return `${PREFIX}${JSON.stringify({ name, ...more })}`;
}
