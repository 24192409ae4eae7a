/**
 * Spreads a range of frames over worker processes, block by block, until all are run or one has broken a
 * rule. A block is one worker's alone, for what its frames are made from is made anew in every process that
 * needs it.
 */
import { BLOCK_FRAMES } from '../cases/fuzz-case.ts';
import type { Found } from '../finding.ts';
import type { Range } from './share-runner.ts';
import type { Tally } from './tally.ts';
import { Worker } from './worker.ts';
import type { WorkerOptions } from './worker.ts';

export interface ShareOptions extends WorkerOptions {
  readonly frames: number;
  readonly workers: number;
  readonly tally: Tally;
  /** Told after every step, with the frames that it has run. */
  readonly onStep?: (frames: number) => void;
}

/** Frames between two reports: part of a block, so that there is progress to be seen. */
const STEP_FRAMES = BLOCK_FRAMES / 4;
const CONFIRMATIONS = 3;

/** Resolves with the frame that broke a rule, `undefined` where none did. */
export async function runShare(options: ShareOptions): Promise<Found | undefined> {
  const { frames, workers, tally, onStep = () => undefined } = options;
  const blocks = ranges({ from: 0, to: frames }, BLOCK_FRAMES);
  let found: Found | undefined;
  const lane = async (): Promise<void> => {
    using worker = new Worker(options);
    for (const block of blocks) {
      for (const range of ranges(block, STEP_FRAMES)) {
        await step(worker, range);
        if (found !== undefined) return;
        onStep(range.to - range.from);
      }
    }
  };
  const step = async (worker: Worker, range: Range): Promise<void> => {
    for (let { from } = range; from < range.to && found === undefined;) {
      const report = await worker.run({ from, to: range.to });
      tally.addRows(report.rows);
      from = report.found === null ? range.to : report.found.index + 1;
      if (report.found !== null && !(await isNoise(report.found, options))) found ??= report.found;
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return found;
}

/**
 * A frame that was too slow counts only if it is so in every fresh process, too: a busy machine makes any
 * frame slow at times.
 */
async function isNoise({ rule, index }: Found, options: WorkerOptions): Promise<boolean> {
  if (rule !== 'slow') return false;
  for (let left = CONFIRMATIONS; left > 0; left -= 1) {
    using worker = new Worker(options);
    if ((await worker.run({ from: index, to: index + 1 })).found === null) return true;
  }
  return false;
}

/** The parts of a range, one after the other, shared by all who take from it. */
function* ranges({ from, to }: Range, size: number): Generator<Range, undefined> {
  for (let at = from; at < to; at += size) yield { from: at, to: Math.min(to, at + size) };
}
