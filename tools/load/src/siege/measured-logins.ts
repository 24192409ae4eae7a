/**
 * Logins as a user has them: connect, hello, login by token, one user after the other, each timed as a whole.
 */
import { jwtTokens } from '@lobby/accounts';
import { tcpTransport } from '@lobby/net-frame';
import type { Address } from '@lobby/net-frame';
import { Link } from '@lobby/players';
import type { LinkKeeper } from '@lobby/players';
import { auth } from '@lobby/protocol';
import { Histogram } from '../figures/histogram.ts';
import type { Percentiles } from '../figures/histogram.ts';

/** A besieged front may take its time: that is what is measured. */
const OPEN_WITHIN_MS = 60_000;
const transport = tcpTransport();

export interface MeasuredLoginsOptions {
  readonly to: Address;
  readonly tokenSecret: string;
  /** Names are this and a number. */
  readonly namePrefix: string;
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
    const { to, tokenSecret, namePrefix } = this.#options;
    const tokens = jwtTokens({ secret: Buffer.from(tokenSecret), wallClock: () => Date.now() });
    this.#users += 1;
    const token = await tokens.issue({ name: `${namePrefix}${this.#users}` });
    const sinceMs = performance.now();
    const link = await Link.open({
      ...{ to, transport, keeper: this.#keeper, agent: 'lobby-load' },
      openWithinMs: OPEN_WITHIN_MS,
      handlers: {},
    });
    try {
      await link.call(auth.reqLogin, { token });
      return performance.now() - sinceMs;
    } finally {
      link.end();
    }
  }
}
