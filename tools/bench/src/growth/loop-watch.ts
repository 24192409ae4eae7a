/**
 * What something costs the event loop: how long it stops at the longest, and when nothing of it is left to be
 * done, also where the work is spread over many turns. It sees turns, and not what is done in them.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { LongTurns } from './long-turns.ts';
import { threadTime } from './thread-time.ts';

/** All in milliseconds. */
export interface Stops {
  /** CPU time of the longest turn. */
  readonly longestMs: number;
  /** That of the longest turn without garbage collection. */
  readonly longestOfWorkMs: number;
  /** From the act until it is over and the loop is at rest again. */
  readonly tookMs: number;
}

export interface WatchOptions {
  readonly act: () => void;
  readonly isOver: () => boolean;
}

const SLICE_MS = 10;
/** An idle loop turns within microseconds; a slice that is long turns for a good part is not at rest. */
const LONG_TURN_MS = 0.05;
const BUSY_SHARE = 0.15;
/** It is at rest when it was for so long. */
const REST_SLICES = 10;
const PATIENCE_MS = 120_000;

/** Acts, and watches until it is over. Rejects where that does not come about within two minutes. */
export async function watchLoop({ act, isOver }: WatchOptions): Promise<Stops> {
  const turns = new LongTurns();
  await turn();
  const begunAt = performance.now();
  let [before, cpuBefore] = [begunAt, threadTime()];
  act();
  let endedAt = begunAt;
  let isPast = false;
  let slice = { from: begunAt, longMs: 0, longUntil: begunAt };
  for (let resting = 0; resting < REST_SLICES;) {
    await turn();
    const [now, cpu] = [performance.now(), threadTime()];
    const tookMs = cpu - cpuBefore;
    if (resting === 0) turns.add(before, now, tookMs);
    [before, cpuBefore] = [now, cpu];
    if (tookMs > LONG_TURN_MS) slice = { ...slice, longMs: slice.longMs + tookMs, longUntil: now };
    if (!isPast && isOver()) {
      isPast = true;
      endedAt = now;
    }
    if (now - slice.from < SLICE_MS) continue;
    const isBusy = slice.longMs > BUSY_SHARE * (now - slice.from);
    if (isBusy) endedAt = Math.max(endedAt, slice.longUntil);
    resting = isBusy || !isPast ? 0 : resting + 1;
    slice = { from: now, longMs: 0, longUntil: now };
    if (now - begunAt > PATIENCE_MS) throw new Error(`not over within ${PATIENCE_MS} ms`);
  }
  const { longestMs } = turns;
  return { longestMs, longestOfWorkMs: await turns.longestOfWorkMs(), tookMs: endedAt - begunAt };
}
