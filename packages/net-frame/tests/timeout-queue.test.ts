/**
 * Time-outs of one length: each item is due at its own time, whatever comes, goes and comes again meanwhile.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TimeoutQueue, VirtualClock } from '../src/index.ts';

const AFTER_MS = 100;

describe('TimeoutQueue', () => {
  it('has each item due at its own time, and serves all with one timer', async () => {
    const clock = new VirtualClock();
    const due: [string, number][] = [];
    const queue = new TimeoutQueue<string>(clock, AFTER_MS, (item) => due.push([item, clock.now()]));
    queue.add('a');
    await clock.advance(30);
    queue.add('b');
    queue.add('c');
    queue.delete('b');
    expect([[...queue], clock.timers]).toEqual([['a', 'c'], 1]);
    await clock.advance(500);
    expect([due, queue.size, clock.timers]).toEqual([
      [
        ['a', 100],
        ['c', 130],
      ],
      0,
      0,
    ]);
  });

  it('lets an item that comes again while it is due delay no other', async () => {
    const clock = new VirtualClock();
    const due: [string, number][] = [];
    const queue: TimeoutQueue<string> = new TimeoutQueue(clock, AFTER_MS, (item) => {
      due.push([item, clock.now()]);
      if (item === 'again') queue.add(item);
    });
    queue.add('again');
    await clock.advance(1);
    queue.add('other');
    await clock.advance(200);
    expect(due).toEqual([
      ['again', 100],
      ['other', 101],
      ['again', 200],
    ]);
  });

  it('leaves no timer where the last one is deleted, and one that finds nobody where that is done lazily', async () => {
    const clock = new VirtualClock();
    const due: [string, number][] = [];
    const queue = new TimeoutQueue<string>(clock, AFTER_MS, (item) => due.push([item, clock.now()]));
    queue.add('a');
    queue.delete('a');
    expect(clock.timers).toBe(0);
    queue.add('b');
    queue.deleteLazily('b');
    expect([queue.size, clock.timers]).toEqual([0, 1]);
    await clock.advance(40);
    queue.add('c');
    await clock.advance(200);
    expect([due, clock.timers]).toEqual([[['c', 140]], 0]);
  });

  it('goes on where what was due throws', async () => {
    const clock = new VirtualClock();
    const due: string[] = [];
    const queue = new TimeoutQueue<string>(clock, AFTER_MS, (item) => {
      if (item === 'bad') throw new Error('bad');
      due.push(item);
    });
    queue.add('bad');
    queue.add('good');
    await expect(clock.advance(100)).rejects.toThrow('bad');
    await clock.advance(0);
    queue.add('later');
    await clock.advance(100);
    expect([due, queue.size, clock.timers]).toEqual([['good', 'later'], 0, 0]);
  });

  it('has nothing due, and no timer left, once it is cleared', async () => {
    const clock = new VirtualClock();
    const due: string[] = [];
    const queue = new TimeoutQueue<string>(clock, AFTER_MS, (item) => due.push(item));
    queue.add('a');
    queue.clear();
    expect([queue.size, clock.timers]).toEqual([0, 0]);
    await clock.advance(200);
    expect(due).toEqual([]);
  });

  it('has exactly those due that waited so long, each once, in order', async () => {
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat(2), lazily: fc.boolean() }) },
      { weight: 4, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: 150 }) }) },
      { weight: 1, arbitrary: fc.constant({ clear: true }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40, size: 'max' }), fc.nat(2), async (acts, again) => {
        const clock = new VirtualClock();
        const due: [number, number][] = [];
        const expected: [number, number][] = [];
        const since = new Map<number, number>();
        let repeats = 0;
        const queue: TimeoutQueue<number> = new TimeoutQueue(clock, AFTER_MS, (item) => {
          due.push([item, clock.now()]);
          if (item === again && (repeats += 1) % 3 !== 0) queue.add(item);
        });
        let modelRepeats = 0;
        const pass = (untilMs: number): void => {
          for (const [item, from] of since) {
            if (from + AFTER_MS > untilMs) return;
            since.delete(item);
            expected.push([item, from + AFTER_MS]);
            if (item === again && (modelRepeats += 1) % 3 !== 0) since.set(item, from + AFTER_MS);
          }
        };
        for (const one of acts) {
          if ('add' in one) {
            queue.add(one.add);
            since.delete(one.add);
            since.set(one.add, clock.now());
          } else if ('remove' in one) {
            if (one.lazily) queue.deleteLazily(one.remove);
            else queue.delete(one.remove);
            since.delete(one.remove);
          } else if ('clear' in one) {
            queue.clear();
            since.clear();
          } else {
            pass(clock.now() + one.waitMs);
            await clock.advance(one.waitMs);
          }
          expect([[...queue], due]).toEqual([[...since.keys()], expected]);
          expect(clock.timers).toBeLessThanOrEqual(1);
        }
        pass(clock.now() + 1_000);
        await clock.advance(1_000);
        expect([queue.size, clock.timers, due]).toEqual([0, 0, expected]);
      }),
    );
  });
});
