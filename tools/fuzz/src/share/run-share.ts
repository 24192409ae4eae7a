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

/** Resolves with the frame that broke a rule, `undefined` where none did. */
export async function runShare(options: ShareOptions): Promise<Found | undefined> {
  const { frames, workers, tally, onBlock = () => undefined } = options;
  const ranges = steps(frames);
  let found: Found | undefined;
  const lane = async (): Promise<void> => {
    using worker = new Worker(options);
    for (const range of ranges) {
      const report = await worker.run(range);
      tally.addRows(report.rows);
      found ??= report.found ?? undefined;
      onBlock(range.to - range.from);
      if (found !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return found;
}

/** One after the other, shared by all who take from it. */
function* steps(frames: number): Generator<Range, undefined> {
  for (let from = 0; from < frames; from += STEP_FRAMES)
    yield { from, to: Math.min(frames, from + STEP_FRAMES) };
}
