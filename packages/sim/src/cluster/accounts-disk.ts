/**
 * Accounts that outlive the process that uses them, as a database does, and take some time. Hashing and
 * signing are made up: they run on threads in the real ones, and threads have no seed.
 */
import { AccountError } from '@lobby/accounts';
import type {
  Account,
  Accounts,
  BoundName,
  KnownSource,
  NameUse,
  TokenIdentity,
  TokenIssuer,
  TokenKey,
  VoidedTokens,
} from '@lobby/accounts';
import { parseName, userKey } from '@lobby/protocol';
import { Chance } from '@lobby/players';
import { filledUp } from '../extremes/largest-words.ts';
import type { SimProcess } from '../sim-process.ts';

interface Row extends Account {
  readonly password: string;
}

/** What is on the disk. */
export class AccountsDisk {
  readonly rows = new Map<string, Row>();
  readonly voided = new Map<string, VoidedTokens>();
  /** By user and source. */
  readonly known = new Map<string, Map<string, KnownSource>>();
  readonly bound = new Map<string, BoundName>();
  readonly keys: TokenKey[] = [];
  incarnations = 0;
  /** Whoever waits for it; those among them that have died wait for ever. */
  readonly waiting = new Set<{ readonly process: SimProcess }>();

  /** Somebody who is alive waits for it. */
  get busy(): boolean {
    return [...this.waiting].some(({ process }) => process.alive);
  }
}

/** The disk, as one process opens it. */
export class SimAccounts implements Accounts {
  readonly #disk: AccountsDisk;
  readonly #process: SimProcess;
  readonly #random: Chance;
  readonly #slowShare: number;

  /** `slowShare` of the calls take so long that whoever waits for the answer is told `deadline`. */
  constructor(disk: AccountsDisk, process: SimProcess, slowShare: number) {
    this.#disk = disk;
    this.#process = process;
    this.#random = process.random.fork('accounts');
    this.#slowShare = slowShare;
  }

  async register(name: string, password: string): Promise<Account> {
    await this.#work();
    const wanted = parseName(name);
    if (wanted === undefined) throw new AccountError('bad_request', 'this is no name');
    const key = userKey(wanted);
    const row = { userId: idOf(key), name: wanted, password };
    // Where the identity service calls a user as the account is called, one user is meant.
    const owner = this.#disk.bound.get(key)?.userId ?? row.userId;
    if (this.#disk.rows.has(key) || owner !== row.userId)
      throw new AccountError('name_taken', `${name} is taken`);
    this.#disk.rows.set(key, row);
    this.#disk.bound.set(key, { key, userId: row.userId });
    return row;
  }

  async verify(name: string, password: string): Promise<Account> {
    await this.#work();
    const row = this.#disk.rows.get(userKey(name));
    if (row?.password !== password) throw new AccountError('wrong_credentials', 'name or password is wrong');
    return row;
  }

  async nextIncarnation(): Promise<number> {
    return (this.#disk.incarnations += 1);
  }

  async voidTokens(voided: VoidedTokens): Promise<void> {
    await this.#work();
    this.#disk.voided.set(voided.key, voided);
  }

  async voidedTokens(): Promise<readonly VoidedTokens[]> {
    return [...this.#disk.voided.values()];
  }

  async knowSource(known: KnownSource): Promise<void> {
    const sources = this.#disk.known.get(known.key) ?? new Map<string, KnownSource>();
    this.#disk.known.set(known.key, sources.set(known.source, known));
  }

  async knownSources(key: string): Promise<readonly KnownSource[]> {
    return [...(this.#disk.known.get(key)?.values() ?? [])];
  }

  async boundName(key: string): Promise<BoundName | undefined> {
    await this.#work();
    return this.#disk.bound.get(key);
  }

  async bindNames(uses: readonly NameUse[]): Promise<void> {
    await this.#work();
    for (const use of uses) {
      const bound = this.#disk.bound.get(use.key) ?? use;
      if (bound.userId !== use.userId || bound.usedAtMs === undefined) continue;
      this.#disk.bound.set(use.key, { ...use, usedAtMs: Math.max(bound.usedAtMs, use.usedAtMs) });
    }
  }

  async unbindName(key: string): Promise<boolean> {
    await this.#work();
    return this.#disk.bound.get(key)?.usedAtMs !== undefined && this.#disk.bound.delete(key);
  }

  async forget({ voided, used }: { readonly voided: number; readonly used: number }): Promise<void> {
    await this.#work();
    for (const [key, { atMs }] of this.#disk.voided) if (atMs <= voided) this.#disk.voided.delete(key);
    for (const [key, { usedAtMs = Infinity }] of this.#disk.bound)
      if (usedAtMs <= used) this.#disk.bound.delete(key);
  }

  async tokenKeys(): Promise<readonly TokenKey[]> {
    await this.#work();
    return [...this.#disk.keys].toReversed();
  }

  async addTokenKey(key: TokenKey): Promise<boolean> {
    await this.#work();
    if (this.#disk.keys.some(({ nth }) => nth === key.nth)) return false;
    this.#disk.keys.push(key);
    return true;
  }

  async dropTokenKeys(belowNth: number): Promise<void> {
    await this.#work();
    this.#disk.keys.splice(
      0,
      this.#disk.keys.findIndex(({ nth }) => nth >= belowNth),
    );
  }

  async close(): Promise<void> {
    // The disk stays.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #work(): Promise<void> {
    const slow = this.#slowShare > 0 && this.#random.chance(this.#slowShare);
    const ms = slow ? this.#random.between(4_000, 8_000) : this.#random.between(0, 40);
    const waits = { process: this.#process };
    this.#disk.waiting.add(waits);
    return new Promise((resolve) => {
      this.#process.clock.setTimer(ms, () => {
        this.#disk.waiting.delete(waits);
        resolve();
      });
    });
  }
}

const PREFIX = 'token of ';

/**
 * A token says who it is about, and for which login it was issued, in plain words. Where identity services
 * say who their users are, it says that too.
 */
export function plainTokens({ bearsSub }: { readonly bearsSub: boolean }): TokenIssuer {
  return Object.freeze<TokenIssuer>({
    issue: async ({ name, userId, epoch, authTimeMs }) =>
      tokenOf(name, bearsSub ? { epoch, userId, authTimeMs } : { epoch, authTimeMs }),
    verify: async (token) => {
      if (!token.startsWith(PREFIX)) throw new AccountError('wrong_credentials', 'this is no token');
      const identity = JSON.parse(token.slice(PREFIX.length)) as TokenIdentity;
      const name = parseName(identity.name);
      if (name === undefined) throw new AccountError('wrong_credentials', 'its name is no name');
      return { ...identity, name, isForeign: identity.epoch === undefined };
    },
  });
}

type Said = { readonly [Key in Exclude<keyof TokenIdentity, 'name'>]?: TokenIdentity[Key] | undefined };

/** When its user last proved who they are, as a token says it. */
export function authTimeIn(token: string): number | undefined {
  return (JSON.parse(token.slice(PREFIX.length)) as TokenIdentity).authTimeMs;
}

/** A token of an identity service that shares the key; or, with an epoch, one that lobby-master issued. */
export function tokenOf(name: string, { epoch, userId, issuedAtMs, authTimeMs }: Said = {}): string {
  // A token is of ASCII.
  const escaped = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${PREFIX}${JSON.stringify({ name, epoch, userId, issuedAtMs, authTimeMs }).replace(/[^ -~]/g, escaped)}`;
}

/** The id of an account. */
export function idOf(name: string): string {
  return `id-${userKey(name)}`;
}

const SHORTEST_SUB = 200;
const LONGEST_SUB = 255;
const FOUR_BYTES = '\u{10400}';

/** What an identity service calls a user: one id for all spellings of a name, of 200 to 255 characters. */
export function subOf(name: string): string {
  const key = userKey(name);
  const random = new Chance(`sub of ${key}`);
  const length = random.integer(SHORTEST_SUB, LONGEST_SUB);
  const letters = [...`auth0|${Buffer.from(key).toString('hex')}|`].slice(0, length);
  return filledUp(letters.join(''), random.pick(['x', FOUR_BYTES]), length);
}
