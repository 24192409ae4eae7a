/** Steps one after the other: what is printed, what ends them, and how long they may take. */

import { describe, expect, it } from '@jest/globals';
import { CallFailure } from '@lobby/client';
import { VirtualClock } from '@lobby/net-frame';
import { runSteps } from '../src/run-steps.ts';
import type { Step, StepsReport } from '../src/run-steps.ts';

const clock = new VirtualClock();

async function run(...steps: Step<string[]>[]): Promise<StepsReport & { lines: string[]; trip: string[] }> {
  const lines: string[] = [];
  const trip: string[] = [];
  const running = runSteps(steps, trip, { clock, print: (line) => lines.push(line), limitMs: 1_000 });
  await clock.advance(2_000);
  return { ...(await running), lines, trip };
}

function note(name: string): Step<string[]> {
  return { name, run: (trip) => void trip.push(name) };
}

function wait(name: string, ms: number): Step<string[]> {
  return { name, run: () => new Promise((resolve) => clock.setTimer(ms, resolve)) };
}

describe('running steps', () => {
  it('runs them in order, and tells how long each took', async () => {
    const { lines, trip, done, totalMs, fault } = await run(note('go'), wait('wait', 250), note('arrive'));
    expect(trip).toEqual(['go', 'arrive']);
    expect(done.map(({ ms }) => ms)).toEqual([0, 250, 0]);
    expect([totalMs, fault]).toEqual([250, undefined]);
    expect(lines).toEqual([
      '✓  1  go           0.0 ms',
      '✓  2  wait       250.0 ms',
      '✓  3  arrive       0.0 ms',
      '',
      '3 of 3 steps in 250.0 ms',
    ]);
  });

  it('ends with the first that fails, and says why in one line', async () => {
    const failing: Step<string[]> = {
      name: 'fail',
      run: () => {
        throw new CallFailure('failure', 'room_full', { message: 'no seat\n  is free' });
      },
    };
    const { lines, trip, fault } = await run(note('go'), failing, note('arrive'));
    expect(trip).toEqual(['go']);
    expect(fault).toBe('step 2 (fail) failed: room_full: no seat is free');
    expect(lines.at(-1)).toBe('1 of 3 steps in 0.0 ms');
  });

  it('fails a step that takes longer than it may', async () => {
    const { fault, trip } = await run(wait('sleep', 1_500), note('arrive'));
    expect(fault).toBe('step 1 (sleep) failed: it was not done within 1 s');
    expect(trip).toEqual([]);
  });

  it('leaves no timer behind', async () => {
    await run(note('go'));
    expect(clock.timers).toBe(0);
  });
});
