/** A history from its file. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HistoryLine } from './history-line.ts';
import { History } from './history.ts';

/**
 * Rejects with what is wrong where the file can't be read or is no history; a last line that was cut short is
 * passed over.
 */
export async function readHistory(file: string): Promise<History> {
  const lines: HistoryLine[] = [];
  let broken: string | undefined;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (broken !== undefined) throw new Error(`${file}: line ${lines.length + 1} is not JSON: ${broken}`);
    try {
      lines.push(JSON.parse(text) as HistoryLine);
    } catch {
      broken = text;
    }
  }
  return new History(lines);
}
