/**
 * A thread that runs seeds: plants the bug it is told to, if any, then loads the simulation, and tells of
 * each seed as it is done.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { mutantOf } from './mutants/catalogue.ts';
import { plant } from './mutants/plant.ts';
import { runSeed } from './run-seed.ts';
import type { SeedJob, SeedReport } from './seed-run.ts';

// Failures are values here, made by the thousand: where each came from is for the replay.
Error.stackTraceLimit = 0;

const { seeds, mutant } = workerData as SeedJob;
if (mutant !== undefined) plant(mutantOf(mutant));
const { simulate } = await import('@lobby/sim');

let seed = 0;
const tell = (report: SeedReport): void => parentPort?.postMessage(report);
process.on('unhandledRejection', (reason) => {
  const words = `a promise was rejected and nobody heard: ${reason instanceof Error ? reason.stack : String(reason)}`;
  tell({ seed, steps: 0, atMs: 0, invariant: 'I23', words });
  process.exit(1);
});

for (seed of seeds) {
  const report = await runSeed(seed, simulate);
  // Node tells of unheard rejections between two turns, and a run takes none: what is told here is this
  // seed's.
  await new Promise((resolve) => setImmediate(resolve));
  tell(report);
}
