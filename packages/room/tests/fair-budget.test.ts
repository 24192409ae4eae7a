/** A budget that all share: never more than there is, evenly, and to who takes little always. */
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import fc from 'fast-check';
import { FairBudget } from '../src/fair-budget.ts';

const BUDGET = 1_000;
const AHEAD = BUDGET / 10;

const crowd = (count: number): string[] => Array.from({ length: count }, (_, nth) => `user-${nth}`);

/** Everybody takes as much as there is, time and again; with what each got. */
async function flood(
  budget: FairBudget,
  clock: VirtualClock,
  { users, cost, ms }: { readonly users: readonly string[]; readonly cost: number; readonly ms: number },
): Promise<number[]> {
  const got = users.map(() => 0);
  for (let at = 0; at < ms; at += 10) {
    for (const [nth, user] of users.entries())
      while (budget.take(user, cost) === 0) got[nth] = (got[nth] ?? 0) + cost;
    await clock.advance(10);
  }
  return got;
}

describe('A30: a budget that is shared', () => {
  it('A30: gives no more than there is, and what each may be ahead by, whoever takes what and when', async () => {
    const take = fc.record({
      who: fc.nat(7),
      cost: fc.integer({ min: 1, max: 300 }),
      times: fc.integer({ min: 1, max: 30 }),
      passMs: fc.integer({ min: 0, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(take, { size: 'max', maxLength: 150 }), async (takes) => {
        const clock = new VirtualClock();
        const budget = new FairBudget(clock, BUDGET);
        const ahead = new Map<number, number>();
        let given = 0;
        for (const { who, cost, times, passMs } of takes) {
          for (let left = times; left > 0; left -= 1) {
            if (budget.take(`user-${who}`, cost) > 0) break;
            given += cost;
            ahead.set(who, Math.max(ahead.get(who) ?? AHEAD, cost));
          }
          const mostAhead = [...ahead.values()].reduce((sum, one) => sum + one, 0);
          expect(given).toBeLessThanOrEqual((BUDGET * clock.now()) / 1_000 + mostAhead + 1e-3);
          expect(budget.active).toBeLessThanOrEqual(8);
          await clock.advance(passMs);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('A30: never refuses who takes no more than an even share, whatever the others do', async () => {
    const step = fc.record({
      others: fc.array(fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 200 })), { size: 'max', maxLength: 40 }),
      cost: fc.integer({ min: 1, max: 200 }),
      morePauseMs: fc.integer({ min: 0, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { size: 'max', maxLength: 40 }), async (steps) => {
        const clock = new VirtualClock();
        const budget = new FairBudget(clock, BUDGET);
        for (const { others, cost, morePauseMs } of steps) {
          for (const [who, dear] of others)
            for (let left = 20; left > 0 && budget.take(`user-${who}`, dear) === 0; left -= 1);
          expect(budget.take('quiet', cost)).toBe(0);
          // Its share among the ten that there may be pays for it meanwhile.
          await clock.advance((cost * 10 * 1_000) / BUDGET + morePauseMs);
        }
      }),
    );
  });

  it('A30: gives nearly all of it, in even parts, to those who want more', async () => {
    for (const [count, cost] of [
      [1, 10],
      [5, 10],
      [40, 30],
    ] as const) {
      const clock = new VirtualClock();
      const got = await flood(new FairBudget(clock, BUDGET), clock, {
        users: crowd(count),
        cost,
        ms: 60_000,
      });
      const total = got.reduce((sum, one) => sum + one, 0);
      expect(total).toBeGreaterThan(BUDGET * 60 * 0.95);
      expect(Math.max(...got) / Math.min(...got)).toBeLessThan(1.1);
    }
  });

  it('A30: leaves what those do not need who take little to those who want more', async () => {
    const clock = new VirtualClock();
    const budget = new FairBudget(clock, BUDGET);
    let greedy = 0;
    let refused = 0;
    for (let at = 0; at < 60_000; at += 10) {
      for (const user of crowd(9)) while (budget.take(user, 20) === 0) greedy += 20;
      // A tenth would be 100 a second.
      if (at % 1_000 === 0 && budget.take('quiet', 20) > 0) refused += 1;
      await clock.advance(10);
    }
    expect(refused).toBe(0);
    expect(greedy / 60).toBeGreaterThan(920);
    expect(greedy / 60).toBeLessThan(BUDGET * 0.98 + AHEAD * 9);
  });

  it('keeps its word: after the wait that it named it gives, if nobody else has come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 }),
        async (costs) => {
          const clock = new VirtualClock();
          const budget = new FairBudget(clock, BUDGET);
          for (const cost of costs) {
            const waitMs = budget.take('ana', cost);
            if (waitMs === 0) continue;
            await clock.advance(waitMs);
            expect(budget.take('ana', cost)).toBe(0);
          }
        },
      ),
    );
  });

  it('does not let one who comes again begin anew', () => {
    const budget = new FairBudget(new VirtualClock(), BUDGET);
    for (let nth = 0; nth < 10; nth += 1) expect(budget.take('ana', 10)).toBe(0);
    for (const user of crowd(50)) budget.take(user, 10);
    expect(budget.take('ana', 10)).toBeGreaterThan(0);
  });

  it('forgets those whose shares have paid for what they took', async () => {
    const clock = new VirtualClock();
    const budget = new FairBudget(clock, BUDGET);
    for (const user of crowd(200)) budget.take(user, 10);
    expect(budget.active).toBe(200);
    await clock.advance(10_000);
    for (let nth = 0; nth < 100; nth += 1) budget.take('ana', 1);
    expect(budget.active).toBe(1);
  });
});
