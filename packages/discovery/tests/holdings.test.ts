/** What fronts hold is what a plain map would be from which a front's things are deleted with it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Holdings } from '../src/index.ts';
import type { Front } from '../src/index.ts';

interface Thing {
  readonly key: string;
  readonly front: Front;
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const FRONTS = 3;

const key = fc.constantFrom(...KEYS);
const front = fc.nat(FRONTS - 1);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ set: key, front }) },
  { weight: 1, arbitrary: fc.record({ deleted: key }) },
  { weight: 1, arbitrary: fc.record({ gone: front }) },
  { weight: 2, arbitrary: fc.constant('work' as const) },
  { weight: 1, arbitrary: fc.record({ cleared: key }) },
);

function frontOf(): Front {
  return {} as Front;
}

describe('what fronts hold', () => {
  it('A15: is what a plain map would hold, and each thing that dies is cleared once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const cleared: Thing[] = [];
        const holdings = new Holdings<Thing>((thing) => void cleared.push(thing));
        const plain = new Map<string, Thing>();
        const dead: Thing[] = [];
        const fronts = Array.from({ length: FRONTS }, frontOf);
        const works: Iterator<void>[] = [];
        for (const one of steps) {
          if (one === 'work') works[0]?.next();
          else if ('set' in one) {
            const thing = { key: one.set, front: fronts[one.front] as Front };
            holdings.set(one.set, thing);
            plain.set(one.set, thing);
          } else if ('deleted' in one) {
            expect(holdings.delete(one.deleted)).toBe(plain.delete(one.deleted));
          } else if ('cleared' in one) {
            holdings.clear(one.cleared);
            const waiting = dead.filter((thing) => thing.key === one.cleared && !cleared.includes(thing));
            expect(waiting).toEqual([]);
          } else {
            const gone = fronts[one.gone] as Front;
            const before = cleared.length;
            works.unshift(holdings.removeFront(gone)[Symbol.iterator]());
            expect(cleared.length).toBe(before);
            for (const thing of plain.values()) if (thing.front === gone) dead.push(thing);
            for (const { key: its } of dead) if (plain.get(its)?.front === gone) plain.delete(its);
            fronts[one.gone] = frontOf();
          }
          expect(holdings.size).toBe(plain.size);
          expect(new Map(holdings)).toEqual(plain);
          for (const name of KEYS) {
            expect(holdings.get(name)).toBe(plain.get(name));
            expect(holdings.has(name)).toBe(plain.has(name));
          }
          for (const each of fronts)
            expect(holdings.countOf(each)).toBe(
              [...plain.values()].filter((its) => its.front === each).length,
            );
        }
        for (const work of works) while (work.next().done !== true);
        expect(cleared).toHaveLength(dead.length);
        expect(new Set(cleared)).toEqual(new Set(dead));
      }),
      { numRuns: 200 },
    );
  });

  it('lists front by front, in the order in which each told of it', () => {
    const holdings = new Holdings<Thing>();
    const [one, other] = [frontOf(), frontOf()];
    for (const [name, its] of [
      ['a', one],
      ['b', other],
      ['c', one],
      ['a', one],
    ] as const)
      holdings.set(name, { key: name, front: its });
    expect([...holdings.values()].map((thing) => thing.key)).toEqual(['a', 'c', 'b']);
    holdings.set('c', { key: 'c', front: other });
    expect([...holdings.values()].map((thing) => thing.key)).toEqual(['a', 'b', 'c']);
  });
});
