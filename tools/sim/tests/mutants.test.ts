/** The planted bugs: each still fits the text of today, and some of them are found while one waits. */

import { describe, expect, it } from '@jest/globals';
import { MUTANTS, mutated, runSeeds, sourceOf } from '../src/index.ts';
import type { Mutant, SeedReport } from '../src/index.ts';

// Loaded when it is asked: bugs are planted before that, elsewhere.
const { EXTREMES, extremesOf } = await import('@lobby/sim');

async function run(
  mutant: string | undefined,
  seeds: number,
  having?: Mutant['needs'],
): Promise<SeedReport[]> {
  const reports: SeedReport[] = [];
  const done = (report: SeedReport): void => void reports.push(report);
  await runSeeds({ from: 1, seeds, having, workers: 1, mutant, done });
  return reports;
}

describe('the planted bugs', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('"%s" fits the product', (_, mutant) => {
    for (const file of new Set(mutant.edits.map((edit) => edit.file))) {
      const source = sourceOf(file);
      expect(mutated(mutant, file, source)).not.toBe(source);
    }
  });

  it('have names of their own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it('do not fit a text that is there twice, or not at all', () => {
    const mutant = { name: 'm', row: 'F0', words: '', edits: [{ file: 'f', find: 'x', replace: 'y' }] };
    expect(mutated(mutant, 'f', 'axb')).toBe('ayb');
    expect(() => mutated(mutant, 'f', 'xx')).toThrow('2 times');
    expect(() => mutated(mutant, 'f', '')).toThrow('0 times');
  });

  it.each(['the end of a session settles nothing', 'a seat too many', "a dead front's users stay"])(
    '"%s" is found within a few seeds',
    async (name) => {
      const reports = await run(name, 6);
      expect(reports.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(reports.some(({ invariant }) => invariant !== undefined)).toBe(true);
    },
  );

  it.each([
    ['a page is cut by its count alone', 'fatRooms'],
    ['a log is waited for', 'stillLogs'],
  ] as const)('"%s" is found within a few seeds that have %s', async (name, extreme) => {
    const reports = await run(name, 3, extreme);
    expect(reports.filter(({ seed }) => !extremesOf(seed).has(extreme))).toEqual([]);
    expect(reports.some(({ invariant }) => invariant !== undefined)).toBe(true);
  });

  it('need extremes that there are', async () => {
    const needs = MUTANTS.flatMap((mutant) => mutant.needs ?? []);
    expect(needs.filter((extreme) => !Object.hasOwn(EXTREMES, extreme))).toEqual([]);
    await expect(run(undefined, 1, 'none' as never)).rejects.toThrow(RangeError);
  });

  it('are not there where none is planted', async () => {
    for (const { invariant, words } of await run(undefined, 2))
      expect([invariant, words]).toEqual([undefined, undefined]);
  });
});
