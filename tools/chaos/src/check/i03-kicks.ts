/**
 * I3: whoever is put out is told so once, then nothing but the end; and nobody is put out for a newer login
 * where there is none: one that was asked for, or under way, since this one was asked for.
 */
import { firstWhere } from '../history/first-where.ts';
import type { Call, History, Link } from '../history/history.ts';
import { Kickouts } from '@lobby/players';
import type { HeardLine } from '@lobby/players';
import { foldOver } from './fold-check.ts';
import { loginsByBot } from './logins.ts';
import type { Login, UserLogins } from './logins.ts';
import type { Check, Violation } from './violation.ts';

const ENDED_WITHIN_MS = 10_000;

type LogoutsByLink = ReadonlyMap<Link, readonly Call[]>;

function kickoutOf({ lines }: Link): HeardLine | undefined {
  return lines.find((line): line is HeardLine => line.what === 'heard' && line.topic === 'auth.syn_kickout');
}

/**
 * When the logins of one user were settled at the latest: on that connection, and on all others. `Infinity`
 * where one never was.
 */
interface LastSettled {
  readonly link: Link;
  readonly at: number;
  readonly elsewhereAt: number;
}

/**
 * By user: the login that settled last of all, and the one that settled last on another connection than that.
 */
function lastSettled(history: History): Map<string, LastSettled> {
  const lasts = new Map<string, LastSettled>();
  for (const { asked, answered, link } of history.callsOf('auth.req_login')) {
    const at = answered?.at ?? Infinity;
    const last = lasts.get(asked.bot) ?? { link, at, elsewhereAt: -Infinity };
    if (last.link === link) lasts.set(asked.bot, { ...last, at: Math.max(last.at, at) });
    else if (at > last.at) lasts.set(asked.bot, { link, at, elsewhereAt: last.at });
    else lasts.set(asked.bot, { ...last, elsewhereAt: Math.max(last.elsewhereAt, at) });
  }
  return lasts;
}

/** Whether another login of the user may have been newer than those of this connection. */
function hasRival(link: Link, last: LastSettled | undefined): boolean {
  if (last === undefined) return false;
  const own = link.calls.findLast(({ asked }) => asked.topic === 'auth.req_login');
  return (last.link === link ? last.elsewhereAt : last.at) >= (own?.asked.at ?? 0);
}

/**
 * The first newer login that had its reply a good while before the connection of this one ended, or the
 * history.
 */
function longSuperseding(history: History, older: Login, logins: UserLogins): Login | undefined {
  const endedAt = older.call.link.ended?.at ?? history.endMs;
  for (const newer of logins.newerThan(older)) {
    if (newer.repliedAt + ENDED_WITHIN_MS < endedAt) return newer;
    // What was asked for so late had its reply later still.
    if (newer.call.asked.at + ENDED_WITHIN_MS >= endedAt) return undefined;
  }
  return undefined;
}

/** Whether it was asked to log out before that moment. */
function hasLoggedOut({ call: { link, asked } }: Login, before: number, logouts: LogoutsByLink): boolean {
  const own = logouts.get(link) ?? [];
  const next = own[firstWhere(own, (logout) => logout.asked.seq > asked.seq)];
  return next !== undefined && next.asked.at < before;
}

/** Logins that go on although a newer one of the user had its reply a good while before. */
function spared(history: History): Violation[] {
  const logouts: LogoutsByLink = Map.groupBy(history.callsOf('auth.req_logout'), ({ link }) => link);
  return [...loginsByBot(history)].flatMap(([bot, logins]) =>
    logins.all.flatMap((older) => {
      const { link, asked } = older.call;
      const newer = longSuperseding(history, older, logins);
      if (newer === undefined || !history.isQuiet(asked.at, newer.repliedAt + ENDED_WITHIN_MS)) return [];
      if (hasLoggedOut(older, newer.repliedAt, logouts)) return [];
      const words = `connection ${link.opened.link} goes on ${ENDED_WITHIN_MS} ms after the newer login on connection ${newer.call.link.opened.link}`;
      return [{ at: newer.repliedAt, bot, words }];
    }),
  );
}

/** Kickouts whose connection does not end in time, and those of the newest login. */
function putOut(history: History): Violation[] {
  const violations: Violation[] = [];
  const lasts = lastSettled(history);
  for (const link of history.links.values()) {
    const first = kickoutOf(link);
    if (first === undefined) continue;
    const { bot, link: number } = link.opened;
    const find = (words: string): void => void violations.push({ at: first.at, bot, words });
    const late = (link.ended?.at ?? history.endMs) - first.at > ENDED_WITHIN_MS;
    if (late && history.isQuiet(first.at, first.at + ENDED_WITHIN_MS))
      find(`connection ${number} was put out and did not end within ${ENDED_WITHIN_MS} ms`);
    if (first.payload['code'] === 'logged_in_elsewhere' && !hasRival(link, lasts.get(bot)))
      find(`the newest login of ${bot} was put out for a newer one, and there is none`);
  }
  return violations;
}

export const kicks: Check = {
  id: 'I3',
  rule: 'a superseded login gets one kickout, then its end; the newest login is never kicked for another',
  look: (history) => [...spared(history), ...putOut(history), ...foldOver(history, new Kickouts())],
};
