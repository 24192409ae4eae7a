/**
 * The catalogues of codes as tables: word for word for a client, and with who tells them and what to do for
 * everybody else.
 */

import { CLOSE_CODES, FAILURE_CODES } from '@lobby/protocol';
import { CLOSE_NOTES, FAILURE_NOTES } from './code-notes.ts';
import type { CodeNote } from './code-notes.ts';
import { code, table } from './markdown.ts';

type Catalogue<Code extends string> = Readonly<Record<Code, string>>;

export const failureTable = (): string => plain(FAILURE_CODES);
export const closeTable = (): string => plain(CLOSE_CODES);
export const failureAdvice = (): string => advised(FAILURE_CODES, FAILURE_NOTES);
export const closeAdvice = (): string => advised(CLOSE_CODES, CLOSE_NOTES);

function plain(catalogue: Catalogue<string>): string {
  return table(
    ['code', 'meaning'],
    Object.entries(catalogue).map(([name, meaning]) => [code(name), meaning]),
  );
}

function advised<Code extends string>(
  catalogue: Catalogue<Code>,
  notes: Readonly<Record<Code, CodeNote>>,
): string {
  const rows = (Object.keys(catalogue) as Code[]).map((name) => [
    code(name),
    catalogue[name],
    notes[name].who,
    notes[name].advice,
  ]);
  return table(['code', 'meaning', 'who tells it', 'what to do'], rows);
}
