/** Work in turns: all of it is done, in order, so many steps a turn, and no timer outlives it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { Clearance } from '../src/index.ts';

const STEPS_A_TURN = 100;

function* work(name: number, steps: number, done: string[]): Generator<void, undefined> {
  for (let step = 0; step < steps; step += 1) {
    done.push(`${name}:${step}`);
    yield;
  }
}

function nextTurn(clock: VirtualClock): Promise<void> {
  return clock.run(Infinity, () => false);
}

describe('a clearance', () => {
  it('A15: does all steps in order, no more than a hundred a turn, whatever is added meanwhile', async () => {
    const works = fc.array(fc.record({ steps: fc.nat(250), after: fc.nat(3) }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(works, async (all) => {
        const clock = new VirtualClock();
        const clearance = new Clearance(clock);
        const done: string[] = [];
        const turn = async (): Promise<void> => {
          const before = done.length;
          await nextTurn(clock);
          expect(done.length - before).toBeLessThanOrEqual(STEPS_A_TURN);
          expect(clock.timers).toBe(clearance.idle ? 0 : 1);
        };
        for (const [name, { steps, after }] of all.entries()) {
          for (let turns = 0; turns < after; turns += 1) await turn();
          const before = done.length;
          clearance.add(work(name, steps, done));
          expect([done.length, clearance.idle, clock.timers]).toEqual([before, false, 1]);
        }
        while (!clearance.idle) await turn();
        expect(done).toEqual(
          all.flatMap(({ steps }, name) => Array.from({ length: steps }, (_, step) => `${name}:${step}`)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('takes turns for works without steps too', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    for (let nth = 0; nth < 2 * STEPS_A_TURN; nth += 1) clearance.add([]);
    await nextTurn(clock);
    expect(clearance.idle).toBe(false);
    await nextTurn(clock);
    expect([clearance.idle, clock.timers]).toEqual([true, 0]);
  });

  it('lets others run between two turns', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    const done: string[] = [];
    clearance.add(work(0, 2 * STEPS_A_TURN, done));
    await nextTurn(clock);
    clock.setTimer(0, () => void done.push('another'));
    await clock.advance(0);
    expect(done.indexOf('another')).toBe(2 * STEPS_A_TURN);
    clock.setTimer(0, () => void done.push('first'));
    clearance.add(work(1, 2 * STEPS_A_TURN, done));
    await clock.advance(0);
    expect(done.indexOf('first')).toBe(2 * STEPS_A_TURN + 1);
  });

  it('does nothing more after it is cleared, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    const done: string[] = [];
    clearance.add(work(0, 3 * STEPS_A_TURN, done));
    await nextTurn(clock);
    clearance.clear();
    clearance.clear();
    expect([clearance.idle, clock.timers]).toEqual([true, 0]);
    await clock.advance(1_000);
    expect(done).toHaveLength(STEPS_A_TURN);
  });

  it('can be cleared by one of its own steps', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    clearance.add(
      (function* () {
        yield clearance.clear();
        throw new Error('a step after the end');
      })(),
    );
    await clock.advance(1_000);
    expect([clearance.idle, clock.timers]).toEqual([true, 0]);
  });
});
