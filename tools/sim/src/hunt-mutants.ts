/**
 * Plants every bug of the catalogue, one at a time, and tells in how many seeds it is found, and by which
 * invariant.
 */
import type { Flags } from './flags.ts';
import { MUTANTS, mutantOf } from './mutants/catalogue.ts';
import type { Mutant } from './mutants/mutant.ts';
import { runSeeds } from './run-seeds.ts';
import type { SeedReport } from './seed-run.ts';

/** A bug that is not found in so many seeds is missed. */
const MOST_SEEDS = 2_000;

/** Resolves with whether each was found. */
export async function huntMutants(flags: Flags, print: (line: string) => void): Promise<boolean> {
  const missed: string[] = [];
  for (const mutant of flags.mutant === undefined ? MUTANTS : [mutantOf(flags.mutant)]) {
    const reports = await hunt(mutant, flags);
    if (!reports.some(({ invariant }) => invariant !== undefined)) missed.push(mutant.name);
    print(huntLine(mutant, reports));
  }
  print(missed.length === 0 ? 'every planted bug was found' : `NOT found: ${missed.join(', ')}`);
  return missed.length === 0;
}

async function hunt({ name: mutant, needs }: Mutant, flags: Flags): Promise<SeedReport[]> {
  const { seeds, having = needs, workers } = flags;
  const reports: SeedReport[] = [];
  let { from } = flags;
  const done = (report: SeedReport): void => {
    reports.push(report);
    from = Math.max(from, report.seed + 1);
  };
  do await runSeeds({ from, seeds, having, workers, mutant, done });
  while (reports.length < MOST_SEEDS && !reports.some(({ invariant }) => invariant !== undefined));
  return reports;
}

function huntLine({ name, row, needs }: Mutant, reports: readonly SeedReport[]): string {
  const caught = reports.filter(({ invariant }) => invariant !== undefined);
  const first = Math.min(...caught.map(({ seed }) => seed));
  const by = new Map<string, number>();
  for (const { invariant = '' } of caught) by.set(invariant, (by.get(invariant) ?? 0) + 1);
  const names = [...by].sort(([, a], [, b]) => b - a).map(([invariant, times]) => `${invariant} ${times}`);
  const where = caught.length === 0 ? 'MISSED' : `first in seed ${first}, by ${names.join(', ')}`;
  const having = needs === undefined ? '' : `; of seeds that have ${needs}`;
  return `${row.padEnd(5)} ${name.padEnd(44)} ${`${caught.length} of ${reports.length}`.padStart(12)}  ${where}${having}`;
}
