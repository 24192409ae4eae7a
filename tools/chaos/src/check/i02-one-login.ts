/**
 * I2: a login that was asked for after the reply to another one of the same user makes that one void: what is
 * asked on the older connection after the newer reply is not done. While a link is disturbed, the older front
 * may not know yet.
 */
import { firstWhere } from '../history/first-where.ts';
import type { Call, History } from '../history/history.ts';
import { loginsByBot } from './logins.ts';
import type { Login, UserLogins } from './logins.ts';
import type { Check, Violation } from './violation.ts';

/** What needs a login. */
const NEEDS_LOGIN: readonly string[] = [
  'room.req_create',
  'room.req_page',
  'room.req_reserve',
  'room.req_quick',
];

/**
 * What was done on its connection as this login, and not as the next one there: calls that were replied to,
 * in their order.
 */
function servedAs({ call }: Login): Call[] {
  const { calls } = call.link;
  const served: Call[] = [];
  for (let at = firstWhere(calls, ({ asked }) => asked.seq > call.asked.seq); at < calls.length; at += 1) {
    const later = calls[at] as Call;
    if (later.answered?.reply === undefined) continue;
    if (later.asked.topic === 'auth.req_login') break;
    if (NEEDS_LOGIN.includes(later.asked.topic)) served.push(later);
  }
  return served;
}

/**
 * The newer logins of the user that had their reply before the last thing that was done as this one was asked
 * for.
 */
function voided(history: History, older: Login, logins: UserLogins): Violation[] {
  const { link, asked } = older.call;
  const served = servedAs(older);
  const lastAskedAt = served.at(-1)?.asked.at ?? -Infinity;
  const violations: Violation[] = [];
  for (const newer of logins.newerThan(older)) {
    // What was asked for so late had its reply later still.
    if (newer.call.asked.at >= lastAskedAt) break;
    const wrong = served[firstWhere(served, (call) => call.asked.at > newer.repliedAt)];
    if (wrong === undefined || !history.isQuiet(older.repliedAt, wrong.answered?.at)) continue;
    violations.push({
      at: wrong.answered?.at ?? wrong.asked.at,
      bot: asked.bot,
      words: `${wrong.asked.topic} on connection ${link.opened.link} was served, after the newer login on connection ${newer.call.link.opened.link} had its reply`,
    });
  }
  return violations;
}

export const oneLogin: Check = {
  id: 'I2',
  rule: 'at no time do two sessions both hold the user after the reply to the newer login',
  look: (history) =>
    [...loginsByBot(history).values()].flatMap((logins) =>
      logins.all.flatMap((older) => voided(history, older, logins)),
    ),
};
