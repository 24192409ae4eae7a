/** The extremes of the simulation, its invariants and planted bugs, read from where they are. */

import { globSync, readFileSync } from 'node:fs';
import { EXTREMES } from '@lobby/sim';
import { MUTANTS } from '@lobby/sim-runner';
import { code, table } from './markdown.ts';

/** One row an extreme: what it is called, how many of the seeds have it, what it is. */
export function extremeTable(): string {
  const rows = Object.entries(EXTREMES).map(([name, { share, words }]) => [
    code(name),
    `${Number((100 * share).toFixed(1))} %`,
    words,
  ]);
  return table(['extreme', 'of the seeds', 'what a run has then'], rows);
}

/** The first sentence of the head of each file that holds one. */
export function invariantTable(root: string): string {
  const files = globSync('packages/sim/src/invariants/i[0-9]*.ts', { cwd: root }).sort();
  const rows = files.map((file) => {
    const [, head = ''] = /^\/\*\*(.*?)\*\//s.exec(readFileSync(`${root}${file}`, 'utf8')) ?? [];
    const text = head.replaceAll(/\s*\n \*\s*/g, ' ').trim();
    const [, name = '', words = ''] = /^(I\d+(?: and I\d+)?)[:,] (.*?)(?:\.|$)/s.exec(text) ?? [];
    return [name, words];
  });
  return table(['', 'what must hold'], rows);
}

/** One row a bug. */
export function plantedBugTable(): string {
  const rows = MUTANTS.map(({ row, name, words, needs }) => [
    row,
    name,
    words.replace(/\.$/, ''),
    needs === undefined ? '' : code(needs),
  ]);
  return table(['against', 'bug', 'what is wrong then', 'needs'], rows);
}
