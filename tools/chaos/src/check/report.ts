// A violation for people: the time, who, the invariant in words, and the lines of the history around it.

import type { History } from '../history/history.ts';
import type { HistoryLine } from '../history/history-line.ts';
import type { Found } from './check-history.ts';

/** Lines of those concerned that are shown, before the moment and after it. */
const LINES_BEFORE = 14;
const LINES_AFTER = 4;
const MOST_CHARACTERS = 220;

/** Whether the line is about one of these: a client, a process or a room. */
function concerns(line: HistoryLine, names: readonly string[]): boolean {
  if (line.what === 'fault' || line.what === 'calm') return true;
  if ('bot' in line && names.includes(line.bot)) return true;
  if (line.what === 'process' || line.what === 'complaint') return names.includes(line.node);
  return (
    line.what !== 'books' &&
    names.some((name) => /^[\w-]{12}$/.test(name) && JSON.stringify(line).includes(name))
  );
}

function shown(line: HistoryLine): string {
  const { at, what, ...rest } = line;
  const text = Object.entries(rest)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return `    ${(at / 1_000).toFixed(3).padStart(8)}  ${what.padEnd(8)} ${text.slice(0, MOST_CHARACTERS)}`;
}

export function reportOf({ check, at, bot, words, about = [] }: Found, { lines }: History): string {
  const names = [...(bot === undefined ? [] : [bot]), ...about];
  const near = lines.filter((line) => concerns(line, names));
  const before = near.filter((line) => line.at <= at).slice(-LINES_BEFORE);
  const after = near.filter((line) => line.at > at).slice(0, LINES_AFTER);
  const who = bot === undefined ? '' : ` (${bot})`;
  return [
    `${check.id} at ${(at / 1_000).toFixed(3)} s${who}: ${words}`,
    `  ${check.id}: ${check.rule}`,
    ...before.map(shown),
    '    ---------',
    ...after.map(shown),
  ].join('\n');
}
