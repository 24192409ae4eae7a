// The logins of a history, for the checks that compare them.

import type { Call, History } from '../history/history.ts';

export interface Login {
  readonly call: Call;
  readonly repliedAt: number;
}

/** Each user's logins that were replied to, in the order in which they were asked for. */
export function loginsByBot(history: History): Map<string, Login[]> {
  const logins = new Map<string, Login[]>();
  for (const call of history.callsOf('auth.req_login')) {
    const { answered, asked } = call;
    if (answered?.reply === undefined) continue;
    logins.set(asked.bot, [...(logins.get(asked.bot) ?? []), { call, repliedAt: answered.at }]);
  }
  return logins;
}
