/** An invariant of clients, which is a fold over the lines of a history, as a check. */
import type { Fold } from '@lobby/players';
import type { History } from '../history/history.ts';
import type { Violation } from './violation.ts';

/** What the fold finds in the clients' lines, each at the time of the line that shows it. */
export function foldOver(history: History, fold: Fold): Violation[] {
  const violations: Violation[] = [];
  for (const line of history.lines) {
    if (!('link' in line)) continue;
    const found = fold.told(line);
    if (found !== undefined) violations.push({ at: line.at, bot: line.bot, ...found });
  }
  return violations;
}
