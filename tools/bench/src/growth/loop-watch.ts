/**
 * What something costs the event loop: how long it stops at the longest, and when nothing of it is left to be
 * done, also where the work is spread over many turns. It sees turns, and not what is done in them.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { threadTime } from './thread-time.ts';

export interface Stops {
  /** The longest turn, in milliseconds of CPU time. */
  readonly longestMs: number;
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
  await turn();
  const begunAt = performance.now();
  let before = threadTime();
  act();
  let longestMs = 0;
  let endedAt = begunAt;
  let isPast = false;
  let slice = { from: begunAt, longMs: 0, longUntil: begunAt };
  for (let resting = 0; resting < REST_SLICES;) {
    await turn();
    const now = performance.now();
    const cpu = threadTime();
    const tookMs = cpu - before;
    before = cpu;
    if (resting === 0) longestMs = Math.max(longestMs, tookMs);
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
  return { longestMs, tookMs: endedAt - begunAt };
}
