/**
 * Who somebody is: what passwords and tokens prove, which of them hold, and whose names are. It knows nobody
 * who is logged in, and no front.
 *
 *     identify ──▶ a password is right, or a token is signed and not expired
 *     check    ──▶ a token is not void, not renewed for too long, and the name is its user's
 *     issue    ──▶ a token for the login that came of it, which says when the user last proved anything
 *
 * What is kept of it for a time is forgotten here, once a day.
 */
import type { Account, Accounts, TokenIdentity, TokenIssuer } from '@lobby/accounts';
import type { Clock } from '@lobby/net-frame';
import { Failure, userKey } from '@lobby/protocol';
import type { PayloadOf, auth } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';
import type { UnlockReport } from './admin-rows.ts';
import { asFailures } from './as-failures.ts';
import { BoundNames, UNUSED_MS } from './bound-names.ts';
import type { GuessLimits } from './guess-limit.ts';
import { Passwords } from './passwords.ts';
import type { Credentials, PasswordAsker } from './passwords.ts';
import { VoidTokens } from './void-tokens.ts';

export interface IdentitiesOptions {
  readonly accounts: Accounts;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
  readonly log: Log;
  readonly guessLimits?: GuessLimits | undefined;
  readonly authMaxAgeMs?: number | undefined;
  readonly identityService?: boolean | undefined;
  /** A user was let in under a name that is another one's: the storage was away then. */
  readonly mistaken: (name: string, userId: string) => void;
}

/** Whom a login is for. */
export interface Proved {
  readonly name: string;
  readonly userId: string;
  /** When they last proved who they are, in milliseconds since the Unix epoch. */
  readonly authTimeMs: number;
  /** The token that said so, if it was one. */
  readonly token?: TokenIdentity;
}

const FORGET_EVERY_MS = 24 * 60 * 60_000;

export class Identities {
  readonly #options: IdentitiesOptions;
  readonly #passwords: Passwords;
  readonly #voidTokens: VoidTokens;
  readonly #boundNames: BoundNames;
  #forgotAtMs = -Infinity;

  constructor(options: IdentitiesOptions) {
    this.#options = options;
    this.#passwords = new Passwords(options);
    this.#voidTokens = new VoidTokens(options);
    this.#boundNames = new BoundNames(options);
  }

  /**
   * Reads what was made void before, and returns the largest number of a login that was. Rejects with an
   * `AccountError` where the storage can't be used.
   */
  async load(incarnation: number): Promise<number> {
    const largest = await this.#voidTokens.load(incarnation);
    this.#forgetOld();
    return largest;
  }

  /** Stores what waits to be stored. */
  stop(): Promise<void> {
    return this.#boundNames.stop();
  }

  /** Rejects with a `Failure`, as `Passwords` does. */
  register(who: Credentials, asker: PasswordAsker): Promise<Account> {
    return this.#passwords.register(who, asker);
  }

  /** Rejects with a `Failure`: `wrong_credentials`, `bad_request`, or as `Passwords` does. */
  async identify(
    { name, password, token }: PayloadOf<typeof auth.reqLoginF2b>,
    asker: PasswordAsker,
  ): Promise<Proved> {
    if (token !== undefined) {
      const said = await asFailures(this.#options.tokens.verify(token), this.#options.log);
      const { name: of, userId = userKey(of), authTimeMs } = said;
      return { name: of, userId, authTimeMs: this.provedAt(authTimeMs), token: said };
    }
    if (name === undefined || password === undefined)
      throw new Failure('bad_request', 'a login needs name and password, or a token');
    const account = await this.#passwords.verify({ name, password }, asker);
    return { name: account.name, userId: account.userId, authTimeMs: this.provedAt() };
  }

  /**
   * Whether a token holds, as its own words can't say. To be called for one user after the other. Rejects
   * with a `Failure`. Nobody is bound to a name by a token that is void.
   */
  async check({ token }: Proved): Promise<void> {
    if (token === undefined) return;
    this.#voidTokens.check(token);
    if (this.#options.identityService === true) await this.#boundNames.check(token);
    this.#forgetOld();
  }

  /** A token for this login. Rejects with a `Failure`. */
  issue(user: Omit<Proved, 'token'> & { readonly epoch: number }): Promise<string> {
    const { name, userId, epoch, authTimeMs } = user;
    return asFailures(this.#options.tokens.issue({ name, userId, epoch, authTimeMs }), this.#options.log);
  }

  /** When somebody last proved who they are: now, if nothing says when. Nobody has proved it tomorrow. */
  provedAt(authTimeMs = Infinity): number {
    return Math.max(0, Math.min(Math.floor(authTimeMs), this.#options.clock.wallNow()));
  }

  /**
   * No token of the user up to this login, or of an identity service up to now, holds any more. Resolves when
   * that is durable; rejects with an `AccountError` where it can't be: all hold then.
   */
  voidUpTo(name: string, epoch: number): Promise<void> {
    return this.#voidTokens.add({ key: userKey(name), epoch, atMs: this.#options.clock.wallNow() });
  }

  /** Whether this login was made before its user's tokens were made void. */
  endedLogin(login: { readonly name: string; readonly epoch: number }): boolean {
    return this.#voidTokens.endedLogin(login);
  }

  /** Forgets the wrong passwords for a name. `undefined` for what can't be a name. */
  unlock(name: string): UnlockReport | undefined {
    return this.#passwords.unlock(name);
  }

  /** Frees a name that an identity's user has; whether one had. Rejects with an `AccountError`. */
  unbind(name: string): Promise<boolean> {
    return this.#boundNames.unbind(name);
  }

  #forgetOld(): void {
    const { accounts, clock, log } = this.#options;
    if (clock.now() - this.#forgotAtMs < FORGET_EVERY_MS) return;
    this.#forgotAtMs = clock.now();
    const byMs = { voided: this.#voidTokens.overByMs, used: clock.wallNow() - UNUSED_MS };
    accounts.forget(byMs).catch((error: unknown) => {
      log.warn({ error }, 'what does not matter any more could not be forgotten');
    });
  }
}
