/** A violation for people: the time, who, the invariant in words, and the lines of the history around it. */

import { firstWhere } from '../history/first-where.ts';
import type { History } from '../history/history.ts';
import type { HistoryLine } from '../history/history-line.ts';
import type { Found } from './check-history.ts';

/** Lines of those concerned that are shown, before the moment and after it. */
const LINES_BEFORE = 14;
const LINES_AFTER = 4;
const MOST_CHARACTERS = 220;

/** Whether a line is about one of these: a client, a process or a room. */
function concerning(names: readonly string[]): (line: HistoryLine) => boolean {
  const rooms = names.filter((name) => /^[\w-]{12}$/.test(name));
  return (line) => {
    if (line.what === 'fault' || line.what === 'calm') return true;
    if ('bot' in line && names.includes(line.bot)) return true;
    if (line.what === 'process' || line.what === 'complaint') return names.includes(line.node);
    if (line.what === 'books' || rooms.length === 0) return false;
    const text = JSON.stringify(line);
    return rooms.some((room) => text.includes(room));
  };
}

/**
 * The lines from there, one after another: forward by 1, back by -1. Whoever has seen enough takes no more.
 */
function* walk(lines: readonly HistoryLine[], from: number, step: 1 | -1): Generator<HistoryLine, void> {
  for (let index = from; index >= 0 && index < lines.length; index += step) yield lines[index] as HistoryLine;
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
  const concerns = concerning(names);
  const next = firstWhere(lines, (line) => line.at > at);
  const before = [
    ...walk(lines, next - 1, -1)
      .filter(concerns)
      .take(LINES_BEFORE),
  ].reverse();
  const after = [...walk(lines, next, 1).filter(concerns).take(LINES_AFTER)];
  const who = bot === undefined ? '' : ` (${bot})`;
  return [
    `${check.id} at ${(at / 1_000).toFixed(3)} s${who}: ${words}`,
    `  ${check.id}: ${check.rule}`,
    ...before.map(shown),
    '    ---------',
    ...after.map(shown),
  ].join('\n');
}
