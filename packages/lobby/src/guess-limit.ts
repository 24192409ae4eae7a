/**
 * Slows the guessing of passwords without letting strangers lock anybody out. A try counts:
 *
 *     from a known source, which the name's user has logged in from ──▶ for this name from this source
 *     from an unknown one ──┬── for this name from its widest network
 *                           ├── for this name from all unknown sources
 *                           └── for all names from each of its networks
 *
 * So what others do never keeps a user out of the own home; where a name is guessed at from very many
 * addresses, users who come from somewhere new wait with the rest. Tokens and sessions are touched by none of
 * it. After OWASP's Authentication Cheat Sheet: account lockout, observation window, exponential duration.
 *
 * Memory is bounded, and can't be flushed: there is an entry only for a password that was hashed, or is about
 * to be, and it stays for as long as it matters. While there is no room, unknown sources that would need some
 * wait. With the defaults an entry takes some 20 ms of hashing and stays for a quarter of an hour, so that
 * half of the room is never needed.
 */
import type { Clock } from '@lobby/net-frame';
import { Failure, userKey } from '@lobby/protocol';
import { hourlyShare } from './guess-tally.ts';
import type { TallyRule } from './guess-tally.ts';
import { TallyBook } from './tally-book.ts';

export interface GuessLimits {
  /** Wrong passwords in a row for one name from one source before it waits. */
  readonly failures: number;
  /** The first wait, in milliseconds; it doubles with every failure after it. */
  readonly firstWaitMs: number;
  /** The longest; after as long again one failure is forgiven. */
  readonly longestWaitMs: number;
  /** Wrong passwords for one name from all unknown sources, at once, and again within an hour. */
  readonly failuresOfName: number;
  /**
   * The same from one unknown source for all names; a /56 of IPv6 has twice as many, a /48 four times. It is
   * what is hashed in 5 s: many people may share a source.
   */
  readonly failuresOfSource: number;
  /** Tallies of each kind that are remembered. */
  readonly remembered: number;
}

export const GUESS_LIMITS: GuessLimits = Object.freeze({
  failures: 5,
  firstWaitMs: 60_000,
  longestWaitMs: 15 * 60_000,
  failuresOfName: 60,
  failuresOfSource: 250,
  remembered: 100_000,
});

/** A try of a password. */
export interface Guess {
  readonly name: string;
  /** The networks that it comes from, the widest first, the source last. */
  readonly networks: readonly string[];
  /** The user of this name has logged in from this source before. */
  readonly isKnown: boolean;
}

/** Where a try counts. */
interface Place {
  readonly book: TallyBook;
  readonly owner: string;
  readonly part: string;
  readonly rule: TallyRule;
  /** Nobody is refused for want of room here. */
  readonly always?: boolean;
}

/** Whoever finds no room may ask again then. */
const NO_ROOM_WAIT_MS = 30_000;
/** Tallies that one try adds to a book, at most: those of its networks. */
const MOST_ADDED = 3;
/** Of the wrong passwords that one source has, those from which on it is suspect: 20 of 250. */
const SUSPECT_SHARE = 0.08;
/** A name and a source have one tally of their own. */
const ALL = '';

export class GuessLimit {
  readonly #clock: Clock;
  readonly #ofOneSource: TallyRule;
  readonly #ofName: TallyRule;
  /** By how much wider than a source a network is: `/64`, `/56`, `/48`. */
  readonly #ofNetworks: readonly TallyRule[];
  /** By name and source. */
  readonly #known: TallyBook;
  /** By name and widest network. */
  readonly #unknown: TallyBook;
  readonly #names: TallyBook;
  readonly #networks: TallyBook;

  constructor(clock: Clock, limits: GuessLimits = GUESS_LIMITS) {
    this.#clock = clock;
    this.#ofOneSource = growingWaits(limits);
    this.#ofName = hourlyShare(limits.failuresOfName);
    this.#ofNetworks = [1, 2, 4].map((times) => hourlyShare(limits.failuresOfSource * times));
    const book = (): TallyBook => new TallyBook(limits.remembered);
    this.#known = book();
    this.#unknown = book();
    this.#names = book();
    this.#networks = book();
  }

  /** Tallies that are remembered. */
  get size(): number {
    return this.#known.size + this.#unknown.size + this.#names.size + this.#networks.size;
  }

  /**
   * Tries a password, unless this name must not be tried from there now: then it throws `throttled`, with the
   * time to wait. Only `wrong_credentials` counts: what failed in another way was no guess. Tries that are
   * under way have their part of what may be tried, so that many at once are no way round.
   */
  async attempt<T>(guess: Guess, tryIt: () => Promise<T>): Promise<T> {
    const places = this.#placesOf(guess);
    const waitMs = Math.max(...places.map((place) => this.#waitMs(place)));
    if (waitMs > 0) throw throttled(waitMs);
    const nowMs = this.#clock.now();
    const tallies = places.map(({ book, owner, part, rule }) => book.begin(owner, part, { rule, nowMs }));
    let failed = false;
    try {
      const value = await tryIt();
      tallies[0]?.clear();
      return value;
    } catch (error) {
      failed = error instanceof Failure && error.code === 'wrong_credentials';
      throw error;
    } finally {
      const endMs = this.#clock.now();
      for (const tally of tallies) tally.end(endMs, failed);
      for (const { book, owner, part } of places) book.drop(owner, part, endMs);
    }
  }

  /**
   * Whether so many wrong passwords have come from there, though not too many, that others should go first:
   * for all names, in the last hour.
   */
  isSuspect({ networks, isKnown }: Guess): boolean {
    if (isKnown) return false;
    const nowMs = this.#clock.now();
    return networks.some((network) => {
      const tally = this.#networks.find(network, ALL);
      return tally !== undefined && tally.failures(nowMs) >= tally.rule.most * SUSPECT_SHARE;
    });
  }

  /** Forgets all wrong passwords for a name; whether there were any that counted. */
  forget(name: string): boolean {
    const key = userKey(name);
    const forgotten = [this.#known, this.#unknown, this.#names].map((book) => book.forget(key));
    return forgotten.includes(true);
  }

  /** The first is that of this name from there alone. */
  #placesOf({ name, networks, isKnown }: Guess): readonly Place[] {
    const owner = userKey(name);
    const rule = this.#ofOneSource;
    if (isKnown) return [{ book: this.#known, owner, part: networks.at(-1) ?? ALL, rule, always: true }];
    return [
      { book: this.#unknown, owner, part: networks[0] ?? ALL, rule },
      { book: this.#names, owner, part: ALL, rule: this.#ofName },
      ...networks.toReversed().flatMap((network, wider) => {
        const ofNetwork = this.#ofNetworks[wider];
        if (ofNetwork === undefined) return [];
        return [{ book: this.#networks, owner: network, part: ALL, rule: ofNetwork }];
      }),
    ];
  }

  #waitMs({ book, owner, part, always = false }: Place): number {
    const nowMs = this.#clock.now();
    const tally = book.find(owner, part);
    if (tally !== undefined) return tally.waitMs(nowMs);
    return always || book.hasRoom(MOST_ADDED, nowMs) ? 0 : NO_ROOM_WAIT_MS;
  }
}

/** A wait after so many failures, each as long again as the one before. */
function growingWaits({ failures: most, firstWaitMs, longestWaitMs }: GuessLimits): TallyRule {
  const waitMs = (failures: number): number => {
    const over = Math.ceil(failures) - most;
    return over < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** over);
  };
  const top = most + Math.ceil(Math.log2(longestWaitMs / firstWaitMs));
  return { most, top, forgiveMs: longestWaitMs, waitMs };
}

function throttled(waitMs: number): Failure {
  return new Failure('throttled', 'too many attempts with a wrong password: wait, or log in with a token', {
    retryAfterMs: Math.ceil(waitMs),
  });
}
