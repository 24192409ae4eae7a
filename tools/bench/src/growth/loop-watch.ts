/**
 * What something costs the event loop: how long it stops at the longest, and when nothing of it is left to be
 * done, also where the work is spread over very many turns. It sees turns, and not what is done in them: at
 * first those of a loop that has nothing to do, then those from the act on.
 *
 * Invariant: what others do on the machine does not count; all but `tookMs` is CPU time of this thread.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { middle } from './call-times.ts';
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
  /** Those of this loop if left out. */
  readonly turns?: AsyncIterable<Turn>;
}

/** One turn: its ends by `performance.now()`, and its CPU time. */
export interface Turn {
  readonly from: number;
  readonly to: number;
  readonly cpuMs: number;
}

/** CPU time in which turns are counted. */
const SLICE_MS = 10;
const IDLE_SLICES = 10;
/** It is at rest again when it was for so long. */
const REST_SLICES = 6;
/** A turn in which something is done takes so many times as long as an idle one, at least. */
const LONG = 3;
/** Few long turns are work too where they are most of the slice. */
const BUSY_SHARE = 0.5;
const PATIENCE_MS = 120_000;

export class LoopWatch {
  readonly #longMs: number;
  readonly #mostAtRest: number;

  private constructor(longMs: number, mostAtRest: number) {
    this.#longMs = longMs;
    this.#mostAtRest = mostAtRest;
  }

  /** Learns what an idle loop is like. Nothing must be under way. */
  static async atRest(idle: AsyncIterable<Turn> = turnsOfLoop()): Promise<LoopWatch> {
    const slices: number[][] = [];
    let slice: number[] = [];
    let sliceMs = 0;
    for await (const { cpuMs } of idle) {
      slice.push(cpuMs);
      sliceMs += cpuMs;
      if (sliceMs < SLICE_MS) continue;
      slices.push(slice);
      if (slices.length === IDLE_SLICES) break;
      slice = [];
      sliceMs = 0;
    }
    const longMs = LONG * middle(slices.flat());
    const counts = slices.map((some) => some.filter((cpuMs) => cpuMs > longMs).length);
    return new LoopWatch(longMs, 2 * (1 + Math.max(...counts)));
  }

  /** Acts, and watches until it is over. Rejects where that does not come about within two minutes. */
  async watch({ act, isOver, turns = turnsOfLoop() }: WatchOptions): Promise<Stops> {
    const long = new LongTurns();
    let resting = 0;
    let begunAt: number | undefined;
    let [endedAt, longUntil] = [0, 0];
    let [sliceMs, longTurns, longTurnsMs] = [0, 0, 0];
    for await (const { from, to, cpuMs } of turns) {
      if (begunAt === undefined) {
        begunAt = to;
        act();
        continue;
      }
      if (resting === 0) long.add(from, to, cpuMs);
      if (endedAt === 0 && isOver()) endedAt = to;
      sliceMs += cpuMs;
      if (cpuMs > this.#longMs) {
        longTurns += 1;
        longTurnsMs += cpuMs;
        longUntil = to;
      }
      if (sliceMs < SLICE_MS) continue;
      const isBusy = longTurns > this.#mostAtRest || longTurnsMs > BUSY_SHARE * sliceMs;
      if (isBusy && endedAt > 0) endedAt = Math.max(endedAt, longUntil);
      resting = isBusy || endedAt === 0 ? 0 : resting + 1;
      [sliceMs, longTurns, longTurnsMs] = [0, 0, 0];
      if (resting === REST_SLICES) break;
      if (to - begunAt > PATIENCE_MS) throw new Error(`not over within ${PATIENCE_MS} ms`);
    }
    const { longestMs } = long;
    const longestOfWorkMs = await long.longestOfWorkMs();
    return { longestMs, longestOfWorkMs, tookMs: endedAt - (begunAt ?? endedAt) };
  }
}

/** The turns of this event loop, one after the other, for as long as somebody asks for the next. */
async function* turnsOfLoop(): AsyncGenerator<Turn, never> {
  let [from, cpu] = [performance.now(), threadTime()];
  for (;;) {
    await turn();
    const [to, cpuNow] = [performance.now(), threadTime()];
    yield { from, to, cpuMs: cpuNow - cpu };
    [from, cpu] = [to, cpuNow];
  }
}
