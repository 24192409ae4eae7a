/** Spreads a range of frames over worker processes, block by block, until all are run or one has broken a rule. */
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
  /** Told after every block, with the frames that were run since the last time. */
  readonly onBlock?: (frames: number) => void;
}

/** Frames between two reports: part of a block, whose frames share what they are made from. */
const STEP_FRAMES = BLOCK_FRAMES / 2;
const CONFIRMATIONS = 3;

/** Resolves with the frame that broke a rule, `undefined` where none did. */
export async function runShare(options: ShareOptions): Promise<Found | undefined> {
  const { frames, workers, tally, onBlock = () => undefined } = options;
  const ranges = steps(frames);
  let found: Found | undefined;
  const lane = async (): Promise<void> => {
    using worker = new Worker(options);
    for (const range of ranges) {
      for (let { from } = range; from < range.to && found === undefined;) {
        const report = await worker.run({ from, to: range.to });
        tally.addRows(report.rows);
        from = report.found === null ? range.to : report.found.index + 1;
        if (report.found !== null && !(await isNoise(report.found, options))) found ??= report.found;
      }
      if (found !== undefined) return;
      onBlock(range.to - range.from);
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return found;
}

/** A frame that was too slow counts only if it is so in every fresh process, too: a busy machine makes any frame slow at times. */
async function isNoise({ rule, index }: Found, options: WorkerOptions): Promise<boolean> {
  if (rule !== 'slow') return false;
  for (let left = CONFIRMATIONS; left > 0; left -= 1) {
    using worker = new Worker(options);
    if ((await worker.run({ from: index, to: index + 1 })).found === null) return true;
  }
  return false;
}

/** One after the other, shared by all who take from it. */
function* steps(frames: number): Generator<Range, undefined> {
  for (let from = 0; from < frames; from += STEP_FRAMES)
    yield { from, to: Math.min(frames, from + STEP_FRAMES) };
}
