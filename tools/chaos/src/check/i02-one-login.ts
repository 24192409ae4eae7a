/**
 * I2: a login that was asked for after the reply to another one of the same user makes that one void: what is asked on the older
 * connection after the newer reply is not done. While a link is disturbed, the older front may not know yet.
 */
import type { Call, Link } from '../history/history.ts';
import { loginsByBot } from './logins.ts';
import type { Login } from './logins.ts';
import type { Check, Violation } from './violation.ts';

/** What needs a login. */
const NEEDS_LOGIN: readonly string[] = [
  'room.req_create',
  'room.req_page',
  'room.req_reserve',
  'room.req_quick',
];

/** Replies on that connection to what was asked after that moment, as this login. */
function servedLater(link: Link, login: Login, after: number): Call | undefined {
  const later = link.calls.filter(
    ({ asked, answered }) => asked.seq > login.call.asked.seq && answered?.reply !== undefined,
  );
  const nextLogin = later.find(({ asked }) => asked.topic === 'auth.req_login')?.asked.seq ?? Infinity;
  return later.find(
    ({ asked }) => asked.seq < nextLogin && asked.at > after && NEEDS_LOGIN.includes(asked.topic),
  );
}

export const oneLogin: Check = {
  id: 'I2',
  rule: 'at no time do two sessions both hold the user after the reply to the newer login',
  look: (history) => {
    const violations: Violation[] = [];
    for (const [bot, logins] of loginsByBot(history))
      for (const older of logins)
        for (const newer of logins) {
          const { link } = older.call;
          if (newer.call.link === link || newer.call.asked.at <= older.repliedAt) continue;
          const served = servedLater(link, older, newer.repliedAt);
          if (served === undefined || !history.isQuiet(older.repliedAt, served.answered?.at)) continue;
          violations.push({
            at: served.answered?.at ?? served.asked.at,
            bot,
            words: `${served.asked.topic} on connection ${link.opened.link} was served, after the newer login on connection ${newer.call.link.opened.link} had its reply`,
          });
        }
    return violations;
  },
};
