/**
 * I3: whoever is put out is told so once, then nothing but the end; and nobody is put out for a newer login where there is none: one
 * that was asked for, or under way, since this one was asked for.
 */
import type { History, Link } from '../history/history.ts';
import type { HeardLine } from '../history/history-line.ts';
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

function look(history: History): Violation[] {
  const violations: Violation[] = [];
  for (const link of history.links.values()) {
    const [first, second] = kickoutsOf(link);
    if (first === undefined) continue;
    const { bot, link: number } = link.opened;
    const find = (at: number, words: string): void => void violations.push({ at, bot, words });
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
