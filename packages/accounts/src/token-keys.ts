/**
 * The keys that lobby-master signs tokens with: random ones, that come from nothing which others know. The
 * newest signs. When another one follows, a key verifies for as long as a token of it may live.
 *
 *     none ── open() ──▶ 1 ── rotate() ──▶ 2 (1 verifies on) ──▶ 2 alone, a token's life later
 *
 * Several processes share them through the storage. What another one has made is seen at the next look: when
 * a token is verified by no key that is known here, or after a minute in which tokens were asked for.
 *
 * Invariant: of processes that start or rotate at the same moment one makes the key, and all have it.
 */
import { randomBytes } from 'node:crypto';
import { AccountError } from './account-error.ts';
import type { Accounts } from './accounts.ts';
import type { TokenKey } from './token-key.ts';

type KeyStorage = Pick<Accounts, 'tokenKeys' | 'addTokenKey' | 'dropTokenKeys'>;

export interface TokenKeysOptions {
  readonly accounts: KeyStorage;
  /** Milliseconds since the Unix epoch. */
  readonly wallClock: () => number;
  /** How long a token lives, in milliseconds. */
  readonly lifetimeMs: number;
}

const SECRET_BYTES = 32;
/** What another process has made is looked for so often at most. */
const LOOK_AGAIN_MS = 5_000;
const LOOK_WHILE_USED_MS = 60_000;

export class TokenKeys {
  readonly #options: TokenKeysOptions;
  /** The newest first, and never none. */
  #keys: readonly [TokenKey, ...TokenKey[]];
  #lookedAtMs: number;
  #looking: Promise<void> | undefined;

  private constructor(options: TokenKeysOptions, keys: readonly [TokenKey, ...TokenKey[]]) {
    this.#options = options;
    this.#keys = keys;
    this.#lookedAtMs = options.wallClock();
  }

  /** Takes the keys that are kept, or makes the first one. Rejects with `storage`. */
  static async open(options: TokenKeysOptions): Promise<TokenKeys> {
    let keys = await options.accounts.tokenKeys();
    if (keys.length === 0) {
      await options.accounts.addTokenKey(madeKey(1, options.wallClock()));
      // Another process may have been quicker: what is stored counts.
      keys = await options.accounts.tokenKeys();
    }
    const made = new TokenKeys(options, requireOne(keys));
    await made.#dropOver();
    return made;
  }

  /** The key that signs. */
  get newest(): TokenKey {
    this.#lookWhileUsed();
    return this.#keys[0];
  }

  /** Those that verify now, the newest first. */
  get verifying(): readonly TokenKey[] {
    const { wallClock, lifetimeMs } = this.#options;
    const nowMs = wallClock();
    return this.#keys.filter((_, nth) => {
      const next = this.#keys[nth - 1];
      return next === undefined || nowMs < next.madeAtMs + lifetimeMs;
    });
  }

  /**
   * Another key signs from now on. With `keepsOld` the ones of before verify for one token's life more;
   * without it their tokens are void at once. Resolves with its number, once it is durable. Rejects with
   * `storage`: all is as before then.
   */
  async rotate({ keepsOld }: { readonly keepsOld: boolean }): Promise<number> {
    const { accounts, wallClock } = this.#options;
    await this.#read();
    const nth = this.#keys[0].nth + 1;
    // Where another process rotates at the same moment, its key is as new as this one.
    await accounts.addTokenKey(madeKey(nth, wallClock()));
    if (!keepsOld) await accounts.dropTokenKeys(nth);
    // Not the look of somebody else, which may have begun before.
    await this.#read();
    if (keepsOld) await this.#dropOver();
    return this.#keys[0].nth;
  }

  /**
   * Looks whether another process has made a key; at most once in five seconds, and without harm where the
   * storage is away. Whether there may be one that was not known before.
   */
  async lookAgain(): Promise<boolean> {
    if (Math.abs(this.#options.wallClock() - this.#lookedAtMs) < LOOK_AGAIN_MS) return false;
    const before = this.#keys[0].nth;
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
    }
    return this.#keys[0].nth !== before;
  }

  #lookWhileUsed(): void {
    if (Math.abs(this.#options.wallClock() - this.#lookedAtMs) >= LOOK_WHILE_USED_MS) void this.lookAgain();
  }

  /** One look at a time; whoever asks meanwhile waits for it. */
  async #look(): Promise<void> {
    this.#lookedAtMs = this.#options.wallClock();
    this.#looking ??= this.#read().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  async #read(): Promise<void> {
    this.#keys = requireOne(await this.#options.accounts.tokenKeys());
  }

  /** Deletes the keys that verify nothing any more. */
  async #dropOver(): Promise<void> {
    const oldest = this.verifying.at(-1);
    if (oldest !== undefined && this.#keys.at(-1) !== oldest)
      await this.#options.accounts.dropTokenKeys(oldest.nth);
  }
}

function madeKey(nth: number, madeAtMs: number): TokenKey {
  return { nth, secret: randomBytes(SECRET_BYTES).toString('base64url'), madeAtMs };
}

function requireOne(keys: readonly TokenKey[]): readonly [TokenKey, ...TokenKey[]] {
  const [newest, ...older] = keys;
  if (newest !== undefined) return [newest, ...older];
  throw new AccountError(
    'storage',
    'The accounts lost the keys of their tokens: restore them from a backup.',
  );
}
