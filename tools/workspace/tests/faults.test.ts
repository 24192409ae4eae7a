/**
 * docs/faults.md and the tests: every row has tests that bear its number, in the files that it names, and no
 * others.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(`${ROOT}docs/faults.md`, 'utf8');

const rows = PAGE.split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id]) => /^[AF]\d+$/.test(id ?? ''))
  .map(([, id = '', , , files = '']) => ({ id, files: files.split(', ').sort() }));

/** The files with a title that begins with the row's number, by the number. */
function filesByRow(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync('{packages,apps,tools}/*/tests/**/*.ts', { cwd: ROOT }).sort()) {
    const text = readFileSync(`${ROOT}${file}`, 'utf8');
    const titles = text.matchAll(/['"`]([AF]\d+): /g);
    for (const id of new Set([...titles].map(([, row = '']) => row)))
      found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

describe('docs/faults.md', () => {
  it('has each row once', () => {
    const ids = rows.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names for each row the files whose tests bear its number, and no other', () => {
    const found = filesByRow();
    expect(Object.fromEntries(rows.map(({ id, files }) => [id, files]))).toEqual(
      Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  });
});
