/** The clock of all tests: the order in which things run, and that time moves only when it is told to. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../src/index.ts';

describe('a virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = new VirtualClock();
    const before = [clock.now(), clock.wallNow()];
    await clock.settle();
    expect([clock.now(), clock.wallNow()]).toEqual(before);
    await clock.advance(1_500);
    expect([clock.now(), clock.wallNow()]).toEqual([1_500, (before[1] as number) + 1_500]);
  });

  it('runs timers in the order of their times, those of one time as they were set', async () => {
    const someDelays = fc.array(fc.nat(50), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(someDelays, someDelays, async (delays, steps) => {
        const clock = new VirtualClock();
        const ran: { delay: number; index: number; at: number }[] = [];
        for (const [index, delay] of delays.entries())
          clock.setTimer(delay, () => ran.push({ delay, index, at: clock.now() }));
        for (const step of [...steps, 50]) await clock.advance(step);
        const inOrder = delays
          .map((delay, index) => ({ delay, index, at: delay }))
          .toSorted((a, b) => a.delay - b.delay || a.index - b.index);
        expect(ran).toEqual(inOrder);
      }),
      { numRuns: 30 },
    );
  });

  it('runs a timer at its time and not before', async () => {
    const clock = new VirtualClock();
    let ran = 0;
    clock.setTimer(100, () => (ran += 1));
    await clock.advance(99);
    expect(ran).toBe(0);
    await clock.advance(1);
    expect(ran).toBe(1);
    await clock.advance(1_000);
    expect(ran).toBe(1);
  });

  it('runs a timer that a timer set, at its own time', async () => {
    const clock = new VirtualClock();
    const at: number[] = [];
    clock.setTimer(10, () => {
      at.push(clock.now());
      clock.setTimer(10, () => at.push(clock.now()));
    });
    await clock.advance(100);
    expect(at).toEqual([10, 20]);
  });

  it('never runs a timer in the turn that sets it, nor one of a delay below 0 in the past', async () => {
    const clock = new VirtualClock();
    const at: number[] = [];
    clock.setTimer(0, () => at.push(clock.now()));
    clock.setTimer(-5, () => at.push(clock.now()));
    expect(at).toEqual([]);
    await clock.advance(0);
    expect(at).toEqual([0, 0]);
  });

  it('stops where it is told that this is enough, after all that followed', async () => {
    const clock = new VirtualClock();
    const done: string[] = [];
    for (const ms of [10, 20, 30])
      clock.setTimer(ms, () => {
        void Promise.resolve().then(() => clock.endOfTurn(() => done.push(`${ms} is through`)));
      });
    await clock.run(100, () => done.length < 2);
    expect([clock.now(), ...done]).toEqual([20, '10 is through', '20 is through']);
    await clock.run(100);
    expect([clock.now(), ...done.slice(2)]).toEqual([100, '30 is through']);
  });

  it('rejects with what a timer throws, and can go on', async () => {
    const clock = new VirtualClock();
    let ran = 0;
    clock.setTimer(10, () => {
      throw new Error('a timer that fails');
    });
    clock.setTimer(20, () => (ran += 1));
    await expect(clock.advance(30)).rejects.toThrow('a timer that fails');
    expect([clock.now(), ran]).toEqual([10, 0]);
    await clock.advance(20);
    expect([clock.now(), ran]).toEqual([30, 1]);
  });

  it('does not run a cancelled timer, and takes a cancel too many', async () => {
    const clock = new VirtualClock();
    let ran = 0;
    const cancelled = clock.setTimer(10, () => (ran += 1));
    const kept = clock.setTimer(10, () => (ran += 10));
    cancelled.cancel();
    cancelled.cancel();
    expect(clock.timers).toBe(1);
    await clock.advance(10);
    kept.cancel();
    expect([ran, clock.timers]).toEqual([10, 0]);
  });

  it('ends the turn only when it settles, and then a turn for what that began', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    clock.endOfTurn(() => {
      told.push('first');
      clock.endOfTurn(() => told.push('of the next turn'));
    });
    clock.endOfTurn(() => told.push('second'));
    expect(told).toEqual([]);
    await clock.settle();
    expect(told).toEqual(['first', 'second', 'of the next turn']);
  });

  it('lets promises and ends of turns go on between two timers', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    clock.setTimer(1, () => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => told.push('promise'));
      clock.endOfTurn(() => told.push('end of turn'));
    });
    clock.setTimer(1, () => told.push('second timer'));
    await clock.advance(1);
    expect(told).toEqual(['promise', 'end of turn', 'second timer']);
  });

  it('stalls: time passes at once, and what was due runs late, in order', async () => {
    const clock = new VirtualClock();
    const told: unknown[] = [];
    clock.setTimer(20, () => told.push(['second', clock.now()]));
    clock.setTimer(10, () => told.push(['first', clock.now()]));
    clock.setTimer(5_001, () => told.push(['not due', clock.now()]));
    clock.endOfTurn(() => told.push(['end of turn', clock.now()]));
    await clock.stall(5_000);
    expect(told).toEqual([
      ['end of turn', 5_000],
      ['first', 5_000],
      ['second', 5_000],
    ]);
  });

  it('never goes back, not even when a timer stalls it beyond the end of the move', async () => {
    const clock = new VirtualClock();
    const stalled: Promise<void>[] = [];
    clock.setTimer(10, () => stalled.push(clock.stall(1_000)));
    await clock.advance(20);
    await Promise.all(stalled);
    expect(clock.now()).toBe(1_010);
  });

  it('steps the wall clock without moving time', async () => {
    const clock = new VirtualClock({ wallMs: 1_000.5 });
    expect(clock.wallNow()).toBe(1_000);
    clock.stepWall(-400);
    let ran = false;
    clock.setTimer(1, () => (ran = true));
    await clock.settle();
    expect([clock.now(), clock.wallNow(), ran]).toEqual([0, 600, false]);
  });
});
