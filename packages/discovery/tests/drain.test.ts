import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { Drain } from '../src/index.ts';

let clock: VirtualClock;
let drain: Drain;

beforeEach(() => {
  clock = new VirtualClock();
  drain = new Drain();
});

/** Whether `quiet` has resolved when the clock has moved by `ms`, and with what. */
async function quietAfter(ms: number, waiting: Promise<readonly string[]>): Promise<unknown> {
  let outcome: unknown = 'waiting';
  void waiting.then((left) => (outcome = left));
  await clock.advance(ms);
  return outcome;
}

describe('a drain', () => {
  it('refuses nothing before it has begun, and everything new afterwards', () => {
    expect(() => drain.refuseNew()).not.toThrow();
    expect(drain.draining).toBe(false);
    drain.begin();
    expect(drain.draining).toBe(true);
    expect(() => drain.refuseNew()).toThrow(expect.objectContaining({ code: 'draining' }));
  });

  it('tells its beginning once, and at once to whoever asks later', () => {
    const told: string[] = [];
    drain.onBegin(() => told.push('early'));
    expect(told).toEqual([]);
    drain.begin();
    drain.begin();
    drain.onBegin(() => told.push('late'));
    expect(told).toEqual(['early', 'late']);
  });

  it('is quiet at once where nothing is waited for, and leaves no timer', async () => {
    drain.busyWhile(() => undefined);
    await expect(drain.quiet(clock, 10_000)).resolves.toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('is quiet as soon as the last one is done', async () => {
    const busy = new Set(['members', 'calls']);
    for (const one of busy) drain.busyWhile(() => (busy.has(one) ? one : undefined));
    const waiting = drain.quiet(clock, 10_000);
    expect(drain.waitsFor).toEqual(['members', 'calls']);
    busy.delete('members');
    expect(await quietAfter(1_000, waiting)).toBe('waiting');
    busy.delete('calls');
    expect(await quietAfter(50, waiting)).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('waits no longer than it is told, and says what it waited for', async () => {
    drain.busyWhile(() => 'members');
    const waiting = drain.quiet(clock, 10_020);
    expect(await quietAfter(10_019, waiting)).toBe('waiting');
    expect(await quietAfter(1, waiting)).toEqual(['members']);
    expect(clock.timers).toBe(0);
  });
});
