/** Who waits for a slot, for how long, and who is refused. Time is a virtual clock's. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { AccountError } from '../src/index.ts';
import type { Asker } from '../src/index.ts';
import { FairPool } from '../src/fair-pool.ts';

const JOB_MS = 40;
const PATIENCE_MS = 4_500;

let clock: VirtualClock;
let pool: FairPool;
/** Who was begun, in order. */
let begun: string[];

beforeEach(() => {
  clock = new VirtualClock();
  pool = new FairPool({ clock, concurrency: 2, patienceMs: PATIENCE_MS, jobMs: JOB_MS });
  begun = [];
});

function asker(source: string, more: Partial<Asker> = {}): Asker {
  return { networks: source.split(' '), gone: () => false, yields: false, ...more };
}

function job(name: string, ms = JOB_MS): () => Promise<string> {
  return () => {
    begun.push(name);
    return new Promise((resolve) => clock.setTimer(ms, () => resolve('done')));
  };
}

/** A job of as long as jobs are believed to take; what becomes of it. */
function ask(source: string, more: Partial<Asker> = {}): Promise<string> {
  return pool.run(asker(source, more), job(source)).catch(codeOf);
}

function codeOf(error: unknown): string {
  if (error instanceof AccountError) return error.code;
  return error instanceof Error ? error.message : String(error);
}

function count<T>(values: readonly T[], value: T): number {
  return values.filter((one) => one === value).length;
}

describe('F24: a pool', () => {
  it('settles as its jobs do, begins no more at once than it may, and none before it came', async () => {
    const anySituation = fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      jobs: fc.array(fc.constantFrom('ends', 'fails', 'throws'), { maxLength: 16 }),
      scheduler: fc.scheduler(),
    });
    await fc.assert(
      fc.asyncProperty(anySituation, async ({ concurrency, jobs, scheduler }) => {
        const some = new FairPool({ clock, concurrency, patienceMs: PATIENCE_MS, jobMs: JOB_MS });
        const order: number[] = [];
        const settling = jobs.map((kind, index) =>
          some.run(asker('one'), () => {
            order.push(index);
            expect(some.running).toBeLessThanOrEqual(concurrency);
            if (kind === 'throws') throw new Error(kind);
            return scheduler.schedule(
              kind === 'ends' ? Promise.resolve(kind) : Promise.reject(new Error(kind)),
            );
          }),
        );
        const outcomes = Promise.all(settling.map((one) => one.catch(codeOf)));
        await scheduler.waitFor(outcomes);
        expect(order).toEqual(jobs.map((_, index) => index));
        expect(await outcomes).toEqual(jobs);
        expect([some.running, some.waiting, clock.timers]).toEqual([0, 0, 0]);
      }),
    );
  });

  it('lets nothing wait without patience', async () => {
    pool = new FairPool({ clock, concurrency: 1, patienceMs: 0, jobMs: JOB_MS });
    const asked = [ask('a'), ask('b')];
    await clock.advance(JOB_MS);
    expect(await Promise.all(asked)).toEqual(['done', 'overloaded']);
  });
});

describe('A5: passwords that wait to be hashed', () => {
  it('are as many of one source as can be begun in time, and the others are refused at once', async () => {
    const asked = Array.from({ length: 400 }, () => ask('school'));
    await clock.settle();
    const begins = (PATIENCE_MS / JOB_MS) * 2 - 1;
    expect([pool.running, pool.waiting]).toEqual([2, begins]);
    await clock.advance(PATIENCE_MS + 2 * JOB_MS);
    const outcomes = await Promise.all(asked);
    expect(count(outcomes, 'done')).toBe(begins + 2);
    expect(count(outcomes, 'overloaded')).toBe(400 - begins - 2);
  });

  it('tell who is refused when there may be room', async () => {
    for (let nth = 0; nth < 226; nth += 1) void ask('school');
    expect(() => pool.requireRoom(asker('school'))).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterMs: JOB_MS }),
    );
    expect(() => pool.requireRoom(asker('home'))).not.toThrow();
    await clock.advance(PATIENCE_MS);
  });

  it('keep nobody of another source waiting for more than one of each', async () => {
    const hostile = Array.from({ length: 8 }, (_, nth) => `hostile-${nth}`);
    for (let nth = 0; nth < 60; nth += 1) for (const source of hostile) void ask(source);
    await clock.advance(500);
    const sinceMs = clock.now();
    let tookMs = Infinity;
    void ask('home').then(() => (tookMs = clock.now() - sinceMs));
    await clock.advance(1_000);
    // The next slot is its own.
    expect(tookMs).toBeLessThanOrEqual(2 * JOB_MS);
    await clock.advance(10_000);
  });

  it('of a whole /48 have the turns of one, and of its parts the turns of one of these', async () => {
    for (let nth = 0; nth < 40; nth += 1) void ask(`six six-1 six-1-${nth}`);
    for (let nth = 0; nth < 40; nth += 1) void ask('six six-2 six-2-0');
    for (let nth = 0; nth < 40; nth += 1) void ask('four');
    await clock.advance(20 * JOB_MS);
    const first = begun.slice(2, 42);
    expect(count(first, 'four')).toBe(20);
    expect(Math.abs(count(first, 'six six-2 six-2-0') - 10)).toBeLessThanOrEqual(1);
    await clock.advance(10_000);
  });

  it('come before those who yield, which have one turn in five all the same', async () => {
    for (let nth = 0; nth < 100; nth += 1) void ask('new', { yields: true });
    for (let nth = 0; nth < 100; nth += 1) void ask('old');
    await clock.advance(50 * JOB_MS);
    expect(count(begun.slice(2, 102), 'new')).toBe(20);
    await clock.advance(10_000);
  });

  it('are not hashed once nobody waits for it, or patience is over, and cost no slot then', async () => {
    let isGone = false;
    const gone = { gone: () => isGone };
    const stuck = [pool.run(asker('a'), job('stuck', 1_000)), pool.run(asker('a'), job('stuck', 1_000))];
    const asked = [ask('left', gone), ask('left', gone), ask('stays')];
    isGone = true;
    await clock.advance(1_000 + JOB_MS);
    expect(await Promise.all([...stuck, ...asked])).toEqual([
      'done',
      'done',
      'overloaded',
      'overloaded',
      'done',
    ]);
    expect(begun).toEqual(['stuck', 'stuck', 'stays']);
    expect(await ask('left', gone)).toBe('overloaded');

    void pool.run(asker('a'), job('stuck', 20_000));
    void pool.run(asker('a'), job('stuck', 20_000));
    let endedMs = 0;
    const late = ask('late').finally(() => (endedMs = clock.now()));
    const sinceMs = clock.now();
    await clock.advance(20_000);
    expect(await late).toBe('overloaded');
    expect(endedMs - sinceMs).toBe(PATIENCE_MS);
    expect([pool.waiting, clock.timers]).toEqual([0, 0]);
  });

  it('wait less or more as hashing becomes quicker or slower', async () => {
    const admitted = () => {
      let waiting = 0;
      for (; ; waiting += 1) {
        const before = pool.waiting;
        void ask('many');
        if (pool.waiting === before && pool.running === 2 && waiting > 2) return before;
      }
    };
    const atFirst = admitted();
    await clock.advance(20_000);
    for (let nth = 0; nth < 60; nth += 1) {
      const slow = pool.run(asker('a'), job('slow', 400));
      await clock.advance(400);
      await slow;
    }
    expect(admitted()).toBeLessThan(atFirst / 4);
    await clock.advance(60_000);
  });

  it('begin in time, or are refused, whoever comes when: no slot is idle while one waits', async () => {
    const arrivals = fc.array(
      fc.record({
        source: fc.constantFrom('a', 'b', 'six six-1', 'six six-2'),
        yields: fc.boolean(),
        afterMs: fc.nat(60),
        ms: fc.integer({ min: 1, max: 300 }),
        leaves: fc.boolean(),
      }),
      { maxLength: 120, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async (all) => {
        const time = new VirtualClock();
        const some = new FairPool({ clock: time, concurrency: 2, patienceMs: 600, jobMs: JOB_MS });
        let settled = 0;
        for (const { source, yields, afterMs, ms, leaves } of all) {
          const sinceMs = time.now();
          let isGone = false;
          some
            .run(asker(source, { yields, gone: () => isGone }), () => {
              expect(isGone).toBe(false);
              expect(some.running).toBeLessThanOrEqual(2);
              expect(time.now() - sinceMs).toBeLessThanOrEqual(600);
              return new Promise<void>((resolve) => time.setTimer(ms, resolve));
            })
            .catch((error: unknown) => expect(error).toMatchObject({ code: 'overloaded' }))
            .finally(() => (settled += 1));
          isGone = leaves && some.waiting > 0 && some.running === 2;
          expect(some.waiting === 0 || some.running === 2).toBe(true);
          await time.advance(afterMs);
          isGone ||= leaves;
        }
        await time.advance(60_000);
        expect(settled).toBe(all.length);
        expect([some.running, some.waiting, time.timers]).toEqual([0, 0, 0]);
      }),
    );
  });
});
