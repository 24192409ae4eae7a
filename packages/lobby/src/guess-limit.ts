/**
 * Slows the guessing of passwords without letting a stranger lock anybody out: who fails too often from one
 * address waits, for that name and that address alone. Where a name is tried from very many addresses, those
 * from which its user has never logged in wait too. Tokens and sessions are not touched by any of it.
 *
 * After OWASP's Authentication Cheat Sheet (account lockout: observation window, exponential duration); an
 * address is what the connection came from. Memory is bounded: the least recently used entries are forgotten.
 */
import { RecentMap } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { Failure, userKey } from '@lobby/protocol';

export interface GuessLimits {
  /** Failures in a row from one address before it waits. */
  readonly failures: number;
  /** The first wait, in milliseconds; it doubles with every failure after it. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Failures of a name within `windowMs`, from all addresses, before unknown addresses wait. */
  readonly failuresOfName: number;
  readonly windowMs: number;
  /** Names, and names with addresses, that are remembered. */
  readonly remembered: number;
}

export const GUESS_LIMITS: GuessLimits = Object.freeze({
  failures: 5,
  firstWaitMs: 60_000,
  longestWaitMs: 15 * 60_000,
  failuresOfName: 20,
  windowMs: 60 * 60_000,
  remembered: 100_000,
});

interface Attempts {
  failures: number;
  waitsUntil: number;
}

interface NameAttempts {
  failures: number;
  windowEnds: number;
}

export class GuessLimit {
  readonly #clock: Clock;
  readonly #limits: GuessLimits;
  readonly #byAddress: RecentMap<string, Attempts>;
  readonly #byName: RecentMap<string, NameAttempts>;
  /** Addresses from which a name's user has logged in. */
  readonly #known: RecentMap<string, true>;

  constructor(clock: Clock, limits: GuessLimits = GUESS_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
    const memory = { most: limits.remembered };
    this.#byAddress = new RecentMap(memory);
    this.#byName = new RecentMap(memory);
    this.#known = new RecentMap(memory);
  }

  /**
   * Tries a password, unless this name must not be tried from this address now: then it throws `throttled`,
   * with the time to wait. An attempt counts as failed until it has succeeded, so that many at once are no
   * way round.
   */
  async attempt<T>(name: string, address: string, tryIt: () => Promise<T>): Promise<T> {
    this.check(name, address);
    const withdraw = this.#failed(name, address);
    try {
      const value = await tryIt();
      this.#byAddress.delete(pair(name, address));
      this.#known.set(pair(name, address), true);
      withdraw();
      return value;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'wrong_credentials') withdraw();
      throw error;
    }
  }

  /** Throws `throttled` where this name must not be tried from this address now. */
  check(name: string, address: string): void {
    const waitMs = Math.max(this.#waitOfAddress(name, address), this.#waitOfName(name, address));
    if (waitMs <= 0) return;
    throw new Failure('throttled', 'too many attempts with a wrong password: wait, or log in with a token', {
      retryAfterMs: Math.ceil(waitMs),
    });
  }

  /** Counts a failure; returns what takes it back. */
  #failed(name: string, address: string): () => void {
    const { failures, firstWaitMs, longestWaitMs, windowMs } = this.#limits;
    const now = this.#clock.now();
    const attempts = this.#byAddress.use(pair(name, address)) ?? { failures: 0, waitsUntil: 0 };
    const before = attempts.waitsUntil;
    attempts.failures += 1;
    const over = attempts.failures - failures;
    if (over >= 0) attempts.waitsUntil = now + Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(over, 30));
    this.#byAddress.set(pair(name, address), attempts);
    const known = this.#byName.use(userKey(name));
    const ofName =
      known !== undefined && known.windowEnds > now ? known : { failures: 0, windowEnds: now + windowMs };
    ofName.failures += 1;
    this.#byName.set(userKey(name), ofName);
    return () => {
      attempts.failures -= 1;
      attempts.waitsUntil = before;
      ofName.failures -= 1;
    };
  }

  #waitOfAddress(name: string, address: string): number {
    return (this.#byAddress.use(pair(name, address))?.waitsUntil ?? 0) - this.#clock.now();
  }

  #waitOfName(name: string, address: string): number {
    const ofName = this.#byName.use(userKey(name));
    if (ofName === undefined || ofName.failures < this.#limits.failuresOfName) return 0;
    return this.#known.use(pair(name, address)) === true ? 0 : ofName.windowEnds - this.#clock.now();
  }
}

function pair(name: string, address: string): string {
  return `${userKey(name)} ${address}`;
}
