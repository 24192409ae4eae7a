/**
 * One seed, as it is judged: its own run, and for a share of the seeds the same run again (I22: it is the
 * same trace), and with and without clocks that somebody sets (I21: it is the same trace).
 */
import type { SimulationOptions, SimulationResult } from '@lobby/sim';
import type { SeedReport } from './seed-run.ts';

export type Simulate = (options: SimulationOptions) => Promise<SimulationResult>;

/** One of so many seeds is run again. */
const ONE_AGAIN_OF = 20;

export async function runSeed(seed: number, simulate: Simulate): Promise<SeedReport> {
  const again = seed % ONE_AGAIN_OF === 0;
  const first = await simulate({ seed, trace: again });
  const report = reportOf(first);
  if (first.violation !== undefined || !again) return report;
  const second = await simulate({ seed, trace: true });
  if (second.hash !== first.hash)
    return { ...report, invariant: 'I22', words: 'the same seed ran differently the second time' };
  const stepped = await simulate({ seed, trace: true, wallClocks: 'without rooms' });
  const steady = await simulate({ seed, trace: true, wallClocks: 'none' });
  if (stepped.hash !== steady.hash)
    return { ...report, invariant: 'I21', words: 'the run is another one where no wall clock is set' };
  return report;
}

function reportOf({ seed, steps, atMs, violation }: SimulationResult): SeedReport {
  return { seed, steps, atMs, invariant: violation?.invariant, words: violation?.message };
}
