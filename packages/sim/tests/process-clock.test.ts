/** Time as one process has it: stopped, late, wrong about the day, dead. */

import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { ProcessClock } from '../src/time/process-clock.ts';

function world() {
  const virtual = new VirtualClock();
  const told: unknown[] = [];
  const clock = new ProcessClock(virtual, () => undefined);
  const say = (word: string) => () => void told.push([word, virtual.now()]);
  return { virtual, told, clock, say };
}

describe('the clock of a process', () => {
  it('lets everything wait while the process stands still, and runs it in order afterwards', async () => {
    const { virtual, told, clock, say } = world();
    clock.setTimer(10, say('first'));
    clock.setTimer(20, say('second'));
    clock.pause();
    await virtual.advance(100);
    clock.run(say('from outside'));
    expect(told).toEqual([]);
    clock.resume();
    await virtual.advance(0);
    expect(told).toEqual([
      ['first', 100],
      ['second', 100],
      ['from outside', 100],
    ]);
  });

  it('runs nothing of a dead process', async () => {
    const { virtual, told, clock, say } = world();
    clock.setTimer(10, say('timer'));
    clock.endOfTurn(say('end of turn'));
    clock.die();
    clock.run(say('from outside'));
    await virtual.advance(100);
    expect(told).toEqual([]);
  });

  it('is late by as much as it is told', async () => {
    const { virtual, told, clock, say } = world();
    clock.lag = () => 300;
    clock.setTimer(10, say('timer'));
    await virtual.advance(1_000);
    expect(told).toEqual([['timer', 310]]);
  });

  it('has its own time of day, of which nothing else takes notice', () => {
    const { virtual, clock } = world();
    clock.wallOffsetMs = -3_600_000;
    expect([clock.wallNow() - virtual.wallNow(), clock.now()]).toEqual([-3_600_000, 0]);
  });

  it('counts the timers that wait, cancelled ones left out', async () => {
    const { virtual, clock, say } = world();
    const cancelled = clock.setTimer(10, say('cancelled'));
    clock.setTimer(20, say('run'));
    expect(clock.timers).toBe(2);
    cancelled.cancel();
    cancelled.cancel();
    expect(clock.timers).toBe(1);
    await virtual.advance(100);
    expect(clock.timers).toBe(0);
  });
});
