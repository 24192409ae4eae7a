/** Many seeds: tells each violation with what it takes to see it again, and at the end how much was run. */
import type { Flags } from './flags.ts';
import { runSeeds } from './run-seeds.ts';
import type { SeedReport } from './seed-run.ts';

/** After so many seeds it says how far it is. */
const TOLD_EVERY = 500;

/** Resolves with whether nothing was found. */
export async function sweep(flags: Flags, print: (line: string) => void): Promise<boolean> {
  const { from, seeds, having, workers } = flags;
  const found = new Map<string, number[]>();
  let seedsDone = 0;
  let steps = 0;
  let virtualMs = 0;
  const begunAt = performance.now();
  const done = (report: SeedReport): void => {
    steps += report.steps;
    virtualMs += report.atMs;
    if (report.invariant !== undefined) {
      found.set(report.invariant, [...(found.get(report.invariant) ?? []), report.seed]);
      print(violationLine(report));
    }
    seedsDone += 1;
    if (seedsDone % TOLD_EVERY === 0 && seedsDone < seeds)
      print(`${seedsDone} of ${seeds} seeds, ${((performance.now() - begunAt) / 1_000).toFixed(0)} s`);
  };
  await runSeeds({ from, seeds, having, workers, done });
  const ms = performance.now() - begunAt;
  for (const [invariant, ofSeeds] of found)
    print(`${invariant}: ${ofSeeds.length} seeds: ${ofSeeds.slice(0, 20).join(' ')}`);
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const total = [...found.values()].flat().length;
  print(
    `${seeds} seeds from ${from}: ${total} violations; ${steps} events in ${hours} virtual hours, ${(ms / 1_000).toFixed(0)} s, ${(ms / seeds).toFixed(0)} ms a seed`,
  );
  return total === 0;
}

function violationLine({ seed, atMs, steps, invariant, words }: SeedReport): string {
  return `seed ${seed}: ${invariant} at ${(atMs / 1_000).toFixed(3)} s, event ${steps}: ${words}\n    see it: npm run sim -- --seed ${seed} --trace`;
}
