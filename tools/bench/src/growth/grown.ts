/**
 * What is measured of each master alike: how it is filled by ten fronts, what that takes of memory, and what
 * the death of a front does to it.
 */

import type { Measures } from '../contender.ts';
import { usageOfProcess } from '../usage.ts';
import { costOf, middle } from './call-times.ts';
import type { CallSeries } from './call-times.ts';
import { FakeFront } from './fake-front.ts';
import type { FrontKind } from './fake-front.ts';
import { LoopWatch } from './loop-watch.ts';
import type { Stops } from './loop-watch.ts';
import type { MemoryCluster } from './memory-cluster.ts';

/** How often what is measured is done. */
export interface Effort {
  readonly calls: CallSeries;
  /** Deaths of fronts with a hundred, and of those with a tenth of all: nine at most. */
  readonly small: number;
  readonly tenths: number;
}

/** A master that is filled: with rooms, or with users. */
export interface Grown<Page extends object> {
  readonly cluster: MemoryCluster;
  /** The fronts that hold what it is filled with. */
  readonly kind: FrontKind<Page>;
  readonly size: number;
  /** How many it knows. */
  readonly known: () => number;
  readonly effort: Effort;
}

export const FULL_EFFORT: Effort = Object.freeze({
  calls: { times: 500, warmUps: 200 },
  small: 25,
  tenths: 3,
});
const FRONTS = 10;
const SMALL = 100;
/** Beyond what any size holds. */
const SMALL_FROM = 2_000_000;

/** Ten fronts come, one after the other, each with a tenth of all. */
export async function fill<Page extends object>({
  cluster,
  kind,
  size,
}: Grown<Page>): Promise<readonly FakeFront[]> {
  const count = size / FRONTS;
  const fronts: FakeFront[] = [];
  for (let nth = 0; nth < FRONTS; nth += 1) {
    const holding = { first: nth * count, count };
    fronts.push(await FakeFront.arrive(cluster, kind, { node: `front-${nth}`, holding }));
  }
  return fronts;
}

/** What this process holds after a thorough garbage collection. */
export function bytesHeld(): number {
  return usageOfProcess(true).rssBytes;
}

/**
 * A front with a hundred comes and dies, again and again; then some of the ten die. What is told of many is
 * their median.
 */
export async function measureDeaths<Page extends object>(
  grown: Grown<Page>,
  [, ...fronts]: readonly FakeFront[],
): Promise<Measures> {
  const { cluster, kind, size, known, effort } = grown;
  const loop = await LoopWatch.atRest();
  const lose = (front: FakeFront | undefined, count: number): Promise<Stops> => {
    const left = known() - count;
    return loop.watch({ act: () => front?.die(), isOver: () => known() <= left });
  };
  const inventories: number[] = [];
  const small: Stops[] = [];
  for (let nth = 0; nth < effort.small; nth += 1) {
    let front: FakeFront | undefined;
    const come = async (): Promise<void> => {
      const holding = { first: SMALL_FROM, count: SMALL };
      front = await FakeFront.arrive(cluster, kind, { node: 'small', holding });
    };
    inventories.push(await costOf(come));
    small.push(await lose(front, SMALL));
  }
  const tenths: Stops[] = [];
  for (const front of fronts.slice(0, effort.tenths)) {
    // The garbage of what was before is not the death's.
    globalThis.gc?.();
    tenths.push(await lose(front, size / FRONTS));
  }
  const middleOf = (all: readonly Stops[], what: keyof Stops): number => middle(all.map((one) => one[what]));
  const smallStopMs = middleOf(small, 'longestOfWorkMs');
  const tenthStopMs = middleOf(tenths, 'longestOfWorkMs');
  return {
    inventoryUs: middle(inventories),
    smallStopMs,
    smallTookMs: middleOf(small, 'tookMs'),
    tenthStopMs,
    tenthPauseMs: middleOf(tenths, 'longestMs'),
    tenthTookMs: middleOf(tenths, 'tookMs'),
    stopsApart: tenthStopMs / smallStopMs,
  };
}
