/**
 * Whose names are, where an identity service issues tokens: a name belongs to the first user that the service
 * says it of, or to the account that is registered under it. Durable in the accounts' storage; held here for
 * those who came last.
 *
 *     somebody else's ─────────────────▶ refused
 *     theirs ──────────────────────────▶ taken; the time of use is stored once a day
 *     nobody's ─┬─ the service says who ▶ taken, and bound: from now on here, and soon in the storage
 *               └─ no `sub`, or a token of the lobby ▶ taken, and nothing is bound
 *     the storage does not say ────────▶ as nobody's; when it says another, the login is ended
 *
 * So logins by token go on while the storage is away, and wait a second at most for one that stands still.
 * Invariant: what waits to be stored is not forgotten; who would need room that is not there is refused.
 */
import { AccountError } from '@lobby/accounts';
import type { Accounts, BoundName, TokenIdentity } from '@lobby/accounts';
import { RecentMap } from '@lobby/net-frame';
import type { Clock, Timer } from '@lobby/net-frame';
import { Failure, userKey } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';

export interface BoundNamesOptions {
  readonly accounts: Pick<Accounts, 'boundName' | 'bindNames' | 'unbindName' | 'forget'>;
  readonly clock: Clock;
  readonly log: Log;
  /** A user was let in under a name that is another one's: the storage was away then. */
  readonly mistaken: (name: string, userId: string) => void;
}

/** What is to be stored. */
interface Use {
  readonly name: string;
  readonly key: string;
  readonly userId: string;
  readonly usedAtMs: number;
}

/** A binding that was not used for so long ends. */
export const UNUSED_MS = 90 * 24 * 60 * 60_000;
const STORE_AGAIN_MS = 24 * 60 * 60_000;
const HELD_NAMES = 100_000;
const MOST_WAITING = 100_000;
/** Names that are stored in one step. */
const BATCH = 200;
const STORE_AFTER_MS = 200;
const RETRY_MS = 5_000;
/** A storage that stands still keeps no login waiting for longer. */
const PATIENCE_MS = 1_000;

export class BoundNames {
  readonly #options: BoundNamesOptions;
  readonly #held = new RecentMap<string, BoundName>({ most: HELD_NAMES });
  readonly #waiting = new Map<string, Use>();
  #timer: Timer | undefined;
  /** Before it the storage is not asked again: it did not answer. */
  #awayUntilMs = 0;

  constructor(options: BoundNamesOptions) {
    this.#options = options;
  }

  /** Names that are to be stored. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Lets in who a token says somebody to be, and binds the name where that is to be. To be called for one
   * user after the other. Rejects with `wrong_credentials` where the name is somebody else's, and with
   * `backend_unavailable` where too many names wait to be stored.
   */
  async check({ name, userId, isForeign = false }: TokenIdentity): Promise<void> {
    const key = userKey(name);
    const owner = await this.#ownerOf(key);
    if (owner === undefined) {
      if (isForeign && userId !== undefined) this.#use(name, key, userId);
    } else if (owner.userId !== (userId ?? key)) {
      throw new Failure(
        'wrong_credentials',
        'The token is refused: the name is the one of another user. Ask who runs the lobby.',
      );
    } else if (owner.usedAtMs !== undefined && this.#ageOf(owner.usedAtMs) >= STORE_AGAIN_MS) {
      this.#use(name, key, owner.userId);
    }
  }

  /** Frees a name for whoever comes next; whether it was bound. Rejects with `storage`. */
  async unbind(name: string): Promise<boolean> {
    const key = userKey(name);
    const isStored = await this.#options.accounts.unbindName(key);
    this.#held.delete(key);
    return this.#waiting.delete(key) || isStored;
  }

  /** Stores what waits, once more; no timer is left. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    while (this.#waiting.size > 0 && (await this.#store()));
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Whose the name is. `undefined` where it is nobody's, or nobody can say. */
  async #ownerOf(key: string): Promise<BoundName | undefined> {
    const known = this.#waiting.get(key) ?? this.#held.get(key) ?? (await this.#load(key));
    if (known?.usedAtMs === undefined || this.#ageOf(known.usedAtMs) < UNUSED_MS) return known;
    await this.#forgetUnused(key);
    return undefined;
  }

  async #load(key: string): Promise<BoundName | undefined> {
    const { accounts, clock } = this.#options;
    if (clock.now() < this.#awayUntilMs) return undefined;
    const loaded = await this.#answered(accounts.boundName(key));
    if (loaded !== undefined) this.#held.set(key, loaded);
    return loaded;
  }

  /** What the storage answers; `undefined` where it does not, within its time. */
  async #answered<T>(work: Promise<T>): Promise<T | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = this.#options.clock.setTimer(PATIENCE_MS, () => {
      this.#isAway();
      late.resolve(undefined);
    });
    try {
      return await Promise.race([work, late.promise]);
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
      // One that has much to do answers the next question again.
      if (error.code !== 'overloaded') this.#isAway();
      return undefined;
    } finally {
      timer.cancel();
      work.catch(() => undefined);
    }
  }

  #isAway(): void {
    this.#awayUntilMs = this.#options.clock.now() + RETRY_MS;
  }

  async #forgetUnused(key: string): Promise<void> {
    this.#held.delete(key);
    this.#waiting.delete(key);
    const used = this.#options.clock.wallNow() - UNUSED_MS;
    await this.#answered(this.#options.accounts.forget({ voided: 0, used }));
  }

  #use(name: string, key: string, userId: string): void {
    if (this.#waiting.size >= MOST_WAITING && !this.#waiting.has(key))
      throw new Failure('backend_unavailable', 'the accounts can not be read or written now');
    this.#waiting.set(key, { name, key, userId, usedAtMs: this.#options.clock.wallNow() });
    this.#timer ??= this.#storeAfter(STORE_AFTER_MS);
  }

  #storeAfter(ms: number): Timer {
    return this.#options.clock.setTimer(ms, () => {
      void this.#store().then((isStored) => {
        this.#timer = undefined;
        if (this.#waiting.size > 0) this.#timer = this.#storeAfter(isStored ? 0 : RETRY_MS);
      });
    });
  }

  /** Stores some of what waits; whether that could be done. */
  async #store(): Promise<boolean> {
    const { accounts, log } = this.#options;
    const uses = [...this.#waiting.values()].slice(0, BATCH);
    try {
      await accounts.bindNames(uses.map(({ key, userId, usedAtMs }) => ({ key, userId, usedAtMs })));
      await Promise.all(uses.map(async (use) => this.#stored(use, await accounts.boundName(use.key))));
      return true;
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
      log.warn(
        { waiting: this.#waiting.size, why: error.message },
        'names could not be bound to their users',
      );
      return false;
    }
  }

  #stored(use: Use, owner: BoundName | undefined): void {
    // It may have been freed, or used again, meanwhile.
    if (this.#waiting.get(use.key) === use) this.#waiting.delete(use.key);
    if (owner === undefined) return;
    this.#held.set(use.key, owner);
    if (owner.userId === use.userId) return;
    this.#waiting.delete(use.key);
    this.#options.mistaken(use.name, use.userId);
  }

  #ageOf(usedAtMs: number): number {
    return this.#options.clock.wallNow() - usedAtMs;
  }
}
