/** A map that forgets does what a plain list of its entries, with their times, would. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentMap, VirtualClock } from '../src/index.ts';

const AFTER_MS = 10;
const MOST = 4;

interface Entry {
  readonly key: string;
  readonly value: number;
  readonly sinceMs: number;
}

/** Entries in a list, the oldest first. */
class Model {
  entries: Entry[] = [];
  readonly forgotten: Entry[] = [];

  set(key: string, value: number, nowMs: number): void {
    this.delete(key);
    this.entries.push({ key, value, sinceMs: nowMs });
    this.#keep(this.entries.slice(-MOST));
  }

  use(key: string, nowMs: number): void {
    const value = this.get(key);
    if (value !== undefined) this.set(key, value, nowMs);
  }

  get(key: string): number | undefined {
    return this.entries.find((entry) => entry.key === key)?.value;
  }

  delete(key: string): void {
    this.entries = this.entries.filter((entry) => entry.key !== key);
  }

  forget(nowMs: number): void {
    this.#keep(this.entries.filter(({ sinceMs }) => nowMs - sinceMs < AFTER_MS));
  }

  #keep(kept: Entry[]): void {
    this.forgotten.push(...this.entries.filter((entry) => !kept.includes(entry)));
    this.entries = kept;
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step = fc.oneof(
  fc.record({ does: fc.constant('set' as const), key, value: fc.nat(99) }),
  fc.record({ does: fc.constantFrom('use' as const, 'delete' as const), key }),
  fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: AFTER_MS }) }),
);

describe('a map that forgets', () => {
  it.each([true, false])(
    'is what a plain list of its entries would be (time is up for them: %s)',
    async (ages) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const clock = new VirtualClock();
          const forgotten: [string, number][] = [];
          const forget = ages ? { forget: { clock, afterMs: AFTER_MS } } : {};
          const map = new RecentMap<string, number>({
            most: MOST,
            ...forget,
            forgotten: (name, value) => void forgotten.push([name, value]),
          });
          const model = new Model();
          for (const one of steps) {
            if (one.does === 'wait') {
              await clock.advance(one.ms);
              if (ages) model.forget(clock.now());
            } else if (one.does === 'set') {
              map.set(one.key, one.value);
              model.set(one.key, one.value, clock.now());
            } else if (one.does === 'use') {
              expect(map.use(one.key)).toBe(model.get(one.key));
              model.use(one.key, clock.now());
            } else {
              map.delete(one.key);
              model.delete(one.key);
            }
            expect([...map]).toEqual(model.entries.map((entry) => [entry.key, entry.value]));
            expect(map.size).toBe(model.entries.length);
            for (const name of ['a', 'f']) expect(map.get(name)).toBe(model.get(name));
          }
          expect(forgotten).toEqual(model.forgotten.map((entry) => [entry.key, entry.value]));
          map.clear();
          expect([map.size, clock.timers]).toEqual([0, 0]);
        }),
      );
    },
  );

  it('forgets a thousand a turn at most, and goes on until all are forgotten whose time is up', async () => {
    const clock = new VirtualClock();
    const map = new RecentMap<string, number>({ most: 9_000, forget: { clock, afterMs: AFTER_MS } });
    for (let nth = 0; nth < 2_500; nth += 1) map.set(`key ${nth}`, nth);
    await clock.advance(1);
    map.set('later', 1);
    const sizes: number[] = [];
    await clock.run(AFTER_MS, () => sizes.push(map.size) > 0);
    expect(sizes).toEqual([1_501, 501, 1]);
    expect([...map]).toEqual([['later', 1]]);
    await clock.advance(1);
    expect([map.size, clock.timers]).toEqual([0, 0]);
  });

  it('keeps no timer when all that it knew was taken away', () => {
    const clock = new VirtualClock();
    const map = new RecentMap<string, number>({ most: 1, forget: { clock, afterMs: AFTER_MS } });
    for (const name of ['a', 'b']) map.set(name, 1);
    expect(clock.timers).toBe(1);
    map.delete('b');
    expect(clock.timers).toBe(0);
  });
});
