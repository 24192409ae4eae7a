/** What measures the growth of masters: the watch of the event loop, the plots, and what is filled in. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { measureRooms } from '../src/growth/grown-rooms.ts';
import { measureUsers } from '../src/growth/grown-users.ts';
import { LongTurns } from '../src/growth/long-turns.ts';
import { LoopWatch } from '../src/growth/loop-watch.ts';
import type { Turn } from '../src/growth/loop-watch.ts';
import { MemoryCluster } from '../src/growth/memory-cluster.ts';
import { PLOTS, growthPlots } from '../src/growth/plots.ts';
import { growthOfMasters } from '../src/growth/scenario.ts';
import { ROOMS, USERS } from '../src/growth/sizes.ts';
import { threadTime } from '../src/growth/thread-time.ts';
import { RESULTS_FILE } from '../src/results.ts';
import type { Results } from '../src/results.ts';

jest.setTimeout(180_000);

const LITTLE = { calls: { times: 5, warmUps: 1 }, small: 2, tenths: 1 };

function work(ms: number): void {
  for (const until = threadTime() + ms; threadTime() < until;);
}

const IDLE_MS = 0.01;

/** Turns that take as long as is said of each. */
async function* turnsOf(count: number, cpuMsOf: (nth: number) => number): AsyncGenerator<Turn> {
  for (let nth = 0, from = 0; nth < count; nth += 1) {
    const cpuMs = cpuMsOf(nth);
    yield { from, to: from + cpuMs, cpuMs };
    from += cpuMs;
  }
}

describe('the watch of the event loop', () => {
  it('sees the longest turn, and work that goes on in turns after it is said to be over', async () => {
    const loop = await LoopWatch.atRest(turnsOf(2_000, () => IDLE_MS));
    const busyMs = (nth: number): number => (nth === 8 ? 12 : 5);
    let seen = 0;
    const cpuMsOf = (nth: number): number => {
      seen = nth;
      // The act comes behind the first turn.
      return nth >= 1 && nth <= 30 ? busyMs(nth) : IDLE_MS;
    };
    const stops = await loop.watch({
      act: () => undefined,
      isOver: () => seen > 2,
      turns: turnsOf(Infinity, cpuMsOf),
    });
    expect(stops.longestMs).toBe(12);
    expect(stops.longestOfWorkMs).toBe(12);
    expect(stops.tookMs).toBeCloseTo(29 * 5 + 12, 5);
  });

  it('sees the work of a loop that is real', async () => {
    const loop = await LoopWatch.atRest();
    let isOver = false;
    const act = (): void => {
      work(12);
      isOver = true;
    };
    const stops = await loop.watch({ act, isOver: () => isOver });
    expect(stops.longestMs).toBeGreaterThanOrEqual(12);
    expect(stops.longestOfWorkMs).toBeLessThanOrEqual(stops.longestMs);
  });

  it('is not over while little is done now and then', async () => {
    const loop = await LoopWatch.atRest(turnsOf(2_000, () => IDLE_MS));
    const turns = turnsOf(Infinity, (nth) => (nth < 4_000 && nth % 20 === 0 ? 10 * IDLE_MS : IDLE_MS));
    const stops = await loop.watch({ act: () => undefined, isOver: () => true, turns });
    expect(stops.longestMs).toBe(10 * IDLE_MS);
    // 200 of them are longer, the last one is number 3,980.
    expect(stops.tookMs).toBeCloseTo((3_980 + 199 * 9) * IDLE_MS, 0);
  });

  it('takes what an idle loop does now and then for no work', async () => {
    const rarely = (nth: number): number => (nth % 500 === 499 ? 20 * IDLE_MS : IDLE_MS);
    const loop = await LoopWatch.atRest(turnsOf(20_000, rarely));
    const stops = await loop.watch({
      act: () => undefined,
      isOver: () => true,
      turns: turnsOf(Infinity, rarely),
    });
    expect(stops.tookMs).toBeCloseTo(IDLE_MS, 5);
  });
});

describe('the masters', () => {
  const expected = (variant: string): string[] =>
    growthOfMasters.goals.filter((goal) => goal.variant === variant).map(({ measure }) => measure);

  it('are measured by every figure of which there is a goal', async () => {
    await using roomCluster = new MemoryCluster();
    await using userCluster = new MemoryCluster();
    const rooms = await measureRooms(roomCluster, 1_000, LITTLE);
    const users = await measureUsers(userCluster, 1_000, LITTLE);
    for (const [measures, name] of [
      [rooms, ROOMS.name],
      [users, USERS.name],
    ] as const)
      for (const measure of expected(name)) expect(measures).toMatchObject({ [measure]: expect.any(Number) });
    const shown = growthOfMasters.columns.map(({ measure }) => measure);
    expect(shown.filter((measure) => !(measure in rooms) && !(measure in users))).toEqual([]);
  });
});

describe('the plots', () => {
  it('are drawn from what was kept', () => {
    const figures = { middleP50Us: [70, 80, 75] };
    const cells = [
      { variant: ROOMS.name, contender: 'thousand', figures, foreignCores: [] },
      { variant: ROOMS.name, contender: 'million', figures, foreignCores: [] },
    ];
    const { 'growth-rooms.svg': svg } = growthPlots({ cells });
    expect(svg?.match(/<circle /g)).toHaveLength(2);
  });

  it('in the documents are those of the last run', () => {
    const { scenarios } = JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results;
    const last = scenarios[growthOfMasters.id];
    const drawn = last === undefined ? {} : growthPlots(last);
    for (const name of Object.keys(growthPlots({ cells: [] }))) {
      const file = new URL(name, PLOTS);
      expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(drawn[name]);
    }
  });
});

describe('the long turns', () => {
  it('of work are those in which no garbage was collected, or what is left of the others', async () => {
    const turns = new LongTurns();
    const at = performance.now();
    turns.add(at - 9, at - 6, 3);
    turns.add(at - 6, at - 5.9, 0.05);
    expect(turns.longestMs).toBe(3);
    expect(await turns.longestOfWorkMs()).toBe(3);
  });
});
