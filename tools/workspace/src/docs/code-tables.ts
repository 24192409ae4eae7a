// The catalogues of codes as tables, word for word.

import { CLOSE_CODES, FAILURE_CODES } from '@lobby/protocol';
import { code, table } from './markdown.ts';

export function failureTable(): string {
  return table(['code', 'meaning'], rows(FAILURE_CODES));
}

export function closeTable(): string {
  return table(['code', 'meaning'], rows(CLOSE_CODES));
}

function rows(catalogue: Readonly<Record<string, string>>): string[][] {
  return Object.entries(catalogue).map(([name, meaning]) => [code(name), meaning]);
}
