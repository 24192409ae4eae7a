/** A log that keeps its lines for a test to look at, instead of printing them. */
import { createLog } from '../src/log.ts';
import type { ProcessLog } from '../src/log.ts';
import type { Line } from './run-process.ts';

export function recordedLog(): { log: ProcessLog; text: () => string; lines: () => Line[] } {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  const log = createLog({ app: 'test', node: 'one', level: 'info', format: 'json', destination });
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  return { log, text: () => text, lines };
}
