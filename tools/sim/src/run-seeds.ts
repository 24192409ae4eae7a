/**
 * Runs many seeds on a few threads. Each thread takes a batch of seeds, and ends with it: what it leaves in
 * memory is gone. A batch is large, because a thread needs as long for its first twenty seeds, until all is
 * loaded and compiled, as for sixty later ones.
 */
import { Worker } from 'node:worker_threads';
import type { SeedJob, SeedReport } from './seed-run.ts';

const MOST_OF_BATCH = 500;

export interface SeedsOptions {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  readonly mutant?: string | undefined;
  /** Told of each seed, in the order in which they are done. */
  readonly done: (report: SeedReport) => void;
}

export async function runSeeds({ from, seeds, workers, mutant, done }: SeedsOptions): Promise<void> {
  const batch = Math.max(1, Math.min(MOST_OF_BATCH, Math.ceil(seeds / workers)));
  let next = from;
  const end = from + seeds;
  const work = async (): Promise<void> => {
    while (next < end) {
      const size = Math.min(batch, end - next);
      const mine = Array.from({ length: size }, (_, nth) => next + nth);
      next += size;
      await runBatch({ seeds: mine, mutant }, done);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** A thread that dies of one seed leaves the others of its batch to another one. */
async function runBatch(job: SeedJob, done: (report: SeedReport) => void): Promise<void> {
  let left = job.seeds;
  while (left.length > 0) {
    const told = new Set<number>();
    await runThread({ ...job, seeds: left }, (report) => {
      told.add(report.seed);
      done(report);
    });
    const rest = left.filter((seed) => !told.has(seed));
    if (rest.length === left.length) throw new Error(`a thread ended without a word on seed ${left[0]}`);
    left = rest;
  }
}

function runThread(job: SeedJob, done: (report: SeedReport) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const execArgv = ['--conditions=@lobby/source'];
  const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: job, execArgv });
  worker.on('message', done);
  worker.on('error', reject);
  worker.on('exit', () => resolve());
  return promise;
}
