/** Lanes that are made to wait, and go on. */

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from '../src/pace.ts';

/** A pace with so many lanes, each unit of which takes a few turns of the event loop. */
function going(lanes: number): { pace: Pace; underWay: () => number; done: () => number; end: () => void } {
  const pace = new Pace();
  let underWay = 0;
  let done = 0;
  let isOver = false;
  for (let lane = 0; lane < lanes; lane += 1)
    pace.lane(async () => {
      if (isOver) return new Promise(() => undefined);
      underWay += 1;
      for (let left = lane % 3; left >= 0; left -= 1) await turn();
      underWay -= 1;
      done += 1;
    });
  return { pace, underWay: () => underWay, done: () => done, end: () => (isOver = true) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

describe('a pace', () => {
  it('has no unit under way from when it is paused until it is resumed, and goes on then', async () => {
    const orders = fc.array(fc.constantFrom('pause', 'pause twice', 'hurry', 'turn'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 16 }), orders, async (lanes, given) => {
        const { pace, underWay, done, end } = going(lanes);
        for (const order of given) {
          if (order === 'turn') await turn();
          // Nobody waits for this pause: it is over before all wait.
          if (order === 'hurry') void pace.pause();
          if (order === 'pause twice') void pace.pause();
          if (order.startsWith('pause')) {
            await pace.pause();
            const before = done();
            for (let turns = 0; turns < 5; turns += 1) await turn();
            expect(underWay()).toBe(0);
            expect(done()).toBe(before);
          }
          const before = done();
          pace.resume();
          await until(() => done() >= before + lanes);
        }
        end();
        pace.resume();
      }),
      { numRuns: 50 },
    );
  });

  it('without lanes can not be paused', async () => {
    await expect(new Pace().pause()).rejects.toThrow('without lanes');
  });
});
