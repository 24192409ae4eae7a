/**
 * I23: processes end only when and as they are asked to, complain of nothing, and no handler fails; every
 * code that a client is told is in the catalogues.
 */
import { CLOSE_CODES, FAILURE_CODES } from '@lobby/protocol';
import type { History } from '../history/history.ts';
import type { HistoryLine, ProcessLine } from '../history/history-line.ts';
import type { Check, Violation } from './violation.ts';

/** What our own end of a connection may make of it, besides the codes that are told. */
const OWN_CODES: readonly string[] = ['client_closed', 'connection_lost', 'heartbeat_timeout'];

/**
 * An error line that bears a code and no `err` says what the program did because another one was silent or
 * wrong: that is no fault of its own. What was thrown bears `err`.
 */
function isOfOthers(text: string): boolean {
  try {
    const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return typeof line['code'] === 'string' && line['err'] === undefined;
  } catch {
    return false;
  }
}

function ended({ at, node, code, signal, meant }: ProcessLine): Violation[] {
  const how = signal ?? `exit code ${code}`;
  if (meant === 'SIGKILL' ? signal === 'SIGKILL' : meant === 'SIGTERM' && code === 0) return [];
  const asked = meant === undefined ? 'nobody asked it to' : `it was asked to by ${meant}`;
  return [{ at, about: [node], words: `${node} ended with ${how}; ${asked}` }];
}

function unknownCode(line: HistoryLine): string | undefined {
  if (line.what === 'answered' && line.failure !== undefined && !Object.hasOwn(FAILURE_CODES, line.failure))
    return line.failure;
  if (line.what === 'ended' && !OWN_CODES.includes(line.code) && !Object.hasOwn(CLOSE_CODES, line.code))
    return line.code;
  return undefined;
}

function look({ lines }: History): Violation[] {
  return lines.flatMap((line) => {
    if (line.what === 'process' && line.event === 'ended') return ended(line);
    if (line.what === 'complaint' && !isOfOthers(line.text))
      return [{ at: line.at, about: [line.node], words: `${line.node} complained: ${line.text.trim()}` }];
    if (line.what === 'books' && line.handlerErrors > 0)
      return [
        {
          at: line.at,
          about: [line.node],
          words: `${line.handlerErrors} handlers of ${line.node} have failed`,
        },
      ];
    const code = unknownCode(line);
    if (code === undefined || !('bot' in line)) return [];
    return [{ at: line.at, bot: line.bot, words: `the code "${code}" is in no catalogue` }];
  });
}

export const quiet: Check = {
  id: 'I23',
  rule: 'processes end only as they are asked to, complain of nothing, no handler fails, every code is known',
  look,
};
