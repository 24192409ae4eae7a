/**
 * Logins as a user has them: connect, hello, login, one user after the other, each timed as a whole.
 */
import { jwtTokens } from '@lobby/accounts';
import { toolTransport } from '@lobby/cluster';
import type { Address } from '@lobby/net-frame';
import { Link } from '@lobby/players';
import type { LinkKeeper } from '@lobby/players';
import { auth } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { Histogram } from '../figures/histogram.ts';
import type { Percentiles } from '../figures/histogram.ts';

/** A besieged front may take its time: that is what is measured. */
const OPEN_WITHIN_MS = 60_000;

export type Credentials = PayloadOf<typeof auth.reqLogin>;

export interface MeasuredLoginsOptions {
  readonly to: Address;
  /** The address that they come from; the system's choice if left out. */
  readonly from?: string;
  /** What the n-th user, from 1, logs in with. */
  readonly credentials: (nth: number) => Credentials | Promise<Credentials>;
  /** Milliseconds from one login to the next. */
  readonly everyMs: number;
}

export interface LoginFigures {
  readonly ms: Percentiles;
  /** Logins that failed, by what. */
  readonly failures: readonly string[];
}

export class MeasuredLogins {
  readonly #options: MeasuredLoginsOptions;
  readonly #keeper: LinkKeeper;
  #users = 0;

  /** `keeper` is the caller's, who ends it. */
  constructor(options: MeasuredLoginsOptions, keeper: LinkKeeper) {
    this.#options = options;
    this.#keeper = keeper;
  }

  /** Logs users in, at least `count`, and on until `enough`. */
  async run(count: number, enough: () => boolean = () => true): Promise<LoginFigures> {
    const durations = new Histogram();
    const failures: string[] = [];
    for (let done = 0; done < count || !enough(); done += 1) {
      try {
        durations.add(await this.#login());
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, this.#options.everyMs));
    }
    return { ms: durations.percentiles(), failures };
  }

  async #login(): Promise<number> {
    const { to, from, credentials } = this.#options;
    this.#users += 1;
    const given = await credentials(this.#users);
    const sinceMs = performance.now();
    const link = await Link.open({
      ...{ to, transport: toolTransport({ from: () => from }), keeper: this.#keeper, agent: 'lobby-load' },
      openWithinMs: OPEN_WITHIN_MS,
      handlers: {},
    });
    try {
      await link.call(auth.reqLogin, given);
      return performance.now() - sinceMs;
    } finally {
      link.end();
    }
  }
}

/** Tokens for users who are named `user-` and a number. */
export function tokenCredentials(tokenSecret: string): (nth: number) => Promise<Credentials> {
  const tokens = jwtTokens({ secret: Buffer.from(tokenSecret), wallClock: () => Date.now() });
  return async (nth) => ({ token: await tokens.issue({ name: `user-${nth}` }) });
}
