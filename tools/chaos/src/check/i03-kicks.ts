/**
 * I3: whoever is put out is told so once, then nothing but the end; and nobody is put out for a newer login where there is none: one
 * that was asked for, or under way, since this one was asked for.
 */
import type { History, Link } from '../history/history.ts';
import type { HeardLine } from '../history/history-line.ts';
import { loginsByBot } from './logins.ts';
import type { Check, Violation } from './violation.ts';

const ENDED_WITHIN_MS = 10_000;

function kickoutsOf({ lines }: Link): HeardLine[] {
  return lines.filter((line) => line.what === 'heard' && line.topic === 'auth.syn_kickout') as HeardLine[];
}

/** Whether another login of the user may have been newer than those of this connection. */
function hasRival(history: History, link: Link): boolean {
  const own = link.calls.filter(({ asked }) => asked.topic === 'auth.req_login');
  const since = own.at(-1)?.asked.at ?? 0;
  return history
    .callsOf('auth.req_login')
    .some(
      (call) =>
        call.asked.bot === link.opened.bot && call.link !== link && (call.answered?.at ?? Infinity) >= since,
    );
}

/** Logins that go on although a newer one of the user had its reply a good while before. */
function spared(history: History): Violation[] {
  return [...loginsByBot(history)].flatMap(([bot, logins]) =>
    logins.flatMap((older) => {
      const { link, asked } = older.call;
      const newer = logins.find(
        ({ call, repliedAt }) =>
          call.link !== link &&
          call.asked.at > older.repliedAt &&
          repliedAt + ENDED_WITHIN_MS < (link.ended?.at ?? history.endMs),
      );
      if (newer === undefined || !history.isQuiet(asked.at, newer.repliedAt + ENDED_WITHIN_MS)) return [];
      const hasLoggedOut = link.calls.some(
        (call) =>
          call.asked.seq > asked.seq &&
          call.asked.topic === 'auth.req_logout' &&
          call.asked.at < newer.repliedAt,
      );
      if (hasLoggedOut) return [];
      const words = `connection ${link.opened.link} goes on ${ENDED_WITHIN_MS} ms after the newer login on connection ${newer.call.link.opened.link}`;
      return [{ at: newer.repliedAt, bot, words }];
    }),
  );
}

function look(history: History): Violation[] {
  const violations = spared(history);
  for (const link of history.links.values()) {
    const [first, second] = kickoutsOf(link);
    const { bot, link: number } = link.opened;
    const find = (at: number, words: string): void => void violations.push({ at, bot, words });
    if (first === undefined && link.ended?.code === 'logged_in_elsewhere')
      find(link.ended.at, `connection ${number} ended for a newer login, and was not told before`);
    if (first === undefined) continue;
    if (second !== undefined) find(second.at, `connection ${number} was told twice that it is put out`);
    const after = link.lines.find(
      (line) =>
        line !== second && line.what !== 'asked' && link.lines.indexOf(line) > link.lines.indexOf(first),
    );
    if (after !== undefined)
      find(after.at, `connection ${number} was put out, and then was told ${after.topic}`);
    const late = (link.ended?.at ?? history.endMs) - first.at > ENDED_WITHIN_MS;
    if (late && history.isQuiet(first.at, first.at + ENDED_WITHIN_MS))
      find(first.at, `connection ${number} was put out and did not end within ${ENDED_WITHIN_MS} ms`);
    if (first.payload['code'] === 'logged_in_elsewhere' && !hasRival(history, link))
      find(first.at, `the newest login of ${bot} was put out for a newer one, and there is none`);
  }
  return violations;
}

export const kicks: Check = {
  id: 'I3',
  rule: 'a superseded login gets one kickout, then its end; the newest login is never kicked for another',
  look,
};
