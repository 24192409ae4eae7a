/**
 * Logins and registrations by password, in the order of what they cost: what can't be right is refused and
 * counts for nothing; who has guessed too often waits; and what is left waits its turn to be hashed.
 */
import { parsePassword } from '@lobby/accounts';
import type { Account, Accounts, Asker } from '@lobby/accounts';
import { networksOf } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { Failure, parseName } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';
import type { UnlockReport } from './admin-rows.ts';
import { asFailures } from './as-failures.ts';
import { GuessLimit } from './guess-limit.ts';
import type { GuessLimits } from './guess-limit.ts';
import { KnownSources } from './known-sources.ts';
import { SourceQuota } from './source-quota.ts';

export interface PasswordsOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** How the guessing of passwords is slowed; `GUESS_LIMITS` if left out. */
  readonly guessLimits?: GuessLimits | undefined;
  readonly log: Log;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Who asks, as the front says. */
export interface PasswordAsker {
  /** The host that the client connected from, `[host]` for IPv6. */
  readonly address: string | undefined;
  /** Nobody waits for the answer any more. */
  readonly gone: () => boolean;
}

/** Names that one source registers: what is hashed in 5 s, and as many an hour. */
const REGISTRATIONS_OF_SOURCE = 250;

export class Passwords {
  readonly #accounts: Accounts;
  readonly #log: Log;
  readonly #guesses: GuessLimit;
  readonly #known: KnownSources;
  readonly #registrations: SourceQuota;

  constructor({ accounts, clock, guessLimits, log }: PasswordsOptions) {
    this.#accounts = accounts;
    this.#log = log;
    this.#guesses = new GuessLimit(clock, guessLimits);
    this.#known = new KnownSources({ accounts, clock, log });
    this.#registrations = new SourceQuota({ clock, most: REGISTRATIONS_OF_SOURCE });
  }

  /** Rejects as `Accounts` does, with failures that a client may be told, and with `throttled`. */
  async register({ name, password }: Credentials, asker: PasswordAsker): Promise<Account> {
    const by = askerOf(asker);
    const account = await this.#registrations.spend(by.networks, () =>
      asFailures(this.#accounts.register(name, password, by), this.#log, { mayHaveRun: true }),
    );
    this.#known.note(name, sourceOf(by.networks));
    return account;
  }

  /** Rejects as `Accounts` does, with failures that a client may be told, and with `throttled`. */
  async verify({ name, password }: Credentials, asker: PasswordAsker): Promise<Account> {
    if (parseName(name) === undefined || parsePassword(password) === undefined) {
      const message = 'The name or the password is wrong. Check both, or register.';
      throw new Failure('wrong_credentials', message);
    }
    const anyone = askerOf(asker);
    const { networks } = anyone;
    const isKnown = await this.#known.has(name, sourceOf(networks), anyone);
    const guess = { name, networks, isKnown };
    const by = { ...anyone, yields: this.#guesses.isSuspect(guess) };
    const account = await this.#guesses.attempt(guess, () =>
      asFailures(this.#accounts.verify(name, password, by), this.#log),
    );
    this.#known.note(name, sourceOf(networks));
    return account;
  }

  /** Forgets the wrong passwords for a name. `undefined` for what can't be a name. */
  unlock(name: string): UnlockReport | undefined {
    if (parseName(name) === undefined) return undefined;
    return { unlocked: name, hadFailures: this.#guesses.forget(name) };
  }
}

function askerOf({ address = 'unknown', gone }: PasswordAsker): Asker {
  return { networks: networksOf(`${address}:0`), gone, yields: false };
}

function sourceOf(networks: readonly string[]): string {
  return networks.at(-1) as string;
}
