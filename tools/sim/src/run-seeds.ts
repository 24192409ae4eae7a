/**
 * Runs many seeds on a few threads. Each thread takes a batch of seeds, and ends with it: what it leaves in
 * memory is gone. A batch is large, because a thread needs as long for its first twenty seeds, until all is
 * loaded and compiled, as for sixty later ones.
 */
import { Worker } from 'node:worker_threads';
import type { Extreme } from '@lobby/sim';
import type { SeedJob, SeedReport } from './seed-run.ts';

const MOST_OF_BATCH = 500;

export interface SeedsOptions {
  readonly from: number;
  /** How many. */
  readonly seeds: number;
  /** Only seeds that have this beside ordinary life. */
  readonly having?: Extreme | undefined;
  readonly workers: number;
  readonly mutant?: string | undefined;
  /** Told of each seed, in the order in which they are done. */
  readonly done: (report: SeedReport) => void;
}

export async function runSeeds({ workers, mutant, done, ...wanted }: SeedsOptions): Promise<void> {
  const seeds = await chosen(wanted);
  const batch = Math.max(1, Math.min(MOST_OF_BATCH, Math.ceil(seeds.length / workers)));
  const work = async (): Promise<void> => {
    while (seeds.length > 0) await runBatch({ seeds: seeds.splice(0, batch), mutant }, done);
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/**
 * The first seeds from there on that are wanted. The simulation is loaded here only where it is asked: the
 * threads load their own.
 */
async function chosen({
  from,
  seeds,
  having,
}: Pick<SeedsOptions, 'from' | 'seeds' | 'having'>): Promise<number[]> {
  if (having === undefined) return Array.from({ length: seeds }, (_, nth) => from + nth);
  const { EXTREMES, extremesOf } = await import('@lobby/sim');
  if (!Object.hasOwn(EXTREMES, having))
    throw new RangeError(`no seed has "${having}": known are ${Object.keys(EXTREMES).join(', ')}`);
  const found: number[] = [];
  for (let seed = from; found.length < seeds; seed += 1) if (extremesOf(seed).has(having)) found.push(seed);
  return found;
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
