/** The logins of a history, for the checks that compare them. */

import { firstWhere } from '../history/first-where.ts';
import type { Call, History } from '../history/history.ts';

export interface Login {
  readonly call: Call;
  readonly repliedAt: number;
}

/** The logins of one user that were replied to, in the order in which they were asked for. */
export class UserLogins {
  readonly all: readonly Login[];
  /** For each login the place of the next one on another connection. */
  readonly #nextElsewhere: readonly number[];

  constructor(all: readonly Login[]) {
    this.all = all;
    this.#nextElsewhere = nextElsewhere(all);
  }

  /**
   * Those on other connections that were asked for after this one had its reply, in order; each costs the
   * same, however many there are.
   */
  *newerThan({ call: { link }, repliedAt }: Login): Generator<Login, void> {
    let index = firstWhere(this.all, ({ call }) => call.asked.at > repliedAt);
    for (let login = this.all[index]; login !== undefined; login = this.all[index]) {
      const isElsewhere = login.call.link !== link;
      if (isElsewhere) yield login;
      index = isElsewhere ? index + 1 : (this.#nextElsewhere[index] as number);
    }
  }
}

function nextElsewhere(logins: readonly Login[]): number[] {
  const next = logins.map((_, index) => index + 1);
  for (let index = logins.length - 2; index >= 0; index -= 1)
    if (logins[index]?.call.link === logins[index + 1]?.call.link) next[index] = next[index + 1] as number;
  return next;
}

/** Each user's logins. */
export function loginsByBot(history: History): Map<string, UserLogins> {
  const logins = history
    .callsOf('auth.req_login')
    .flatMap((call) => (call.answered?.reply === undefined ? [] : [{ call, repliedAt: call.answered.at }]));
  const byBot = Map.groupBy(logins, ({ call }) => call.asked.bot);
  return new Map([...byBot].map(([bot, all]) => [bot, new UserLogins(all)]));
}
