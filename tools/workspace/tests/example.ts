/** Examples out of documents, run as they stand there: their imports are loaded, their console is watched. */

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { runInThisContext } from 'node:vm';
import { ROOT } from '../src/docs/documents.ts';

type Load = (name: string) => Promise<unknown>;
type Running = (load: Load, console: Pick<Console, 'log'>) => Promise<void>;

/** The first block of code after `heading` in a document. */
export function blockAfter(document: string, heading: string): string {
  const text = readFileSync(`${ROOT}${document}`, 'utf8');
  const from = text.indexOf(heading);
  const [, source] = /```[jt]s\n(.*?)```/s.exec(text.slice(from)) ?? [];
  if (from < 0 || source === undefined) throw new Error(`${document} has no code after "${heading}"`);
  return source;
}

/** Runs a module's text and resolves with what it logged. `load` gives it what it imports. */
export async function logged(source: string, load: Load): Promise<string[]> {
  const body = source
    .replace(/^import (\{[^}]+\}) from '([^']+)';$/gm, "const $1 = await load('$2');")
    .replace(/^import (\w+) from '([^']+)';$/gm, "const { default: $1 } = await load('$2');");
  const run = runInThisContext(stripTypeScriptTypes(`async (load, console) => {${body}}`)) as Running;
  const lines: string[] = [];
  await run(load, { log: (line: string) => lines.push(line) });
  return lines;
}
