/** The ordered set against a plain sorted array. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderedSet } from '../src/ordered-set.ts';

const byNumber = (a: number, b: number): number => a - b;

/** Batches, so that chunks split and join. */
const change = fc.record({
  how: fc.constantFrom<'add' | 'delete'>('add', 'delete'),
  from: fc.integer({ min: 0, max: 4_000 }),
  count: fc.integer({ min: 1, max: 900 }),
  step: fc.constantFrom(-3, -1, 1, 2, 7),
});

describe('an ordered set', () => {
  it('is as a sorted array without doubles, whatever is added and deleted', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12, size: 'max' }),
        fc.array(fc.nat(5_000), { maxLength: 5 }),
        (changes, asked) => {
          const set = new OrderedSet<number>(byNumber);
          const plain = new Set<number>();
          for (const { how, from, count, step } of changes)
            for (let nth = 0; nth < count; nth += 1) {
              const value = from + nth * step;
              if (how === 'add') {
                set.add(value);
                plain.add(value);
              } else expect(set.delete(value)).toBe(plain.delete(value));
            }
          const sorted = [...plain].sort(byNumber);
          expect(set.size).toBe(sorted.length);
          expect([...set]).toEqual(sorted);
          for (const point of asked) {
            expect(set.from(point).take(9).toArray()).toEqual(sorted.slice(point, point + 9));
            const after = sorted.filter((value) => value > point).slice(0, 9);
            expect(set.after(point).take(9).toArray()).toEqual(after);
            expect(set.countTo(point)).toBe(sorted.filter((value) => value <= point).length);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('holds each entry once', () => {
    const set = new OrderedSet<number>(byNumber);
    set.add(1);
    set.add(1);
    expect([...set]).toEqual([1]);
  });
});
