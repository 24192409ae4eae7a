/** A wide map is a `Map`, before and after it is spread over many. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WideMap } from '../src/index.ts';

/** As many entries as make it spread. */
const MANY = 4_096;

const key = fc.oneof(
  fc.constantFrom('', 'a', 'b', '\0', 'é', '한국'),
  fc.nat(MANY).map((nth) => `key ${nth}`),
);
const step = fc.oneof(fc.record({ set: key, value: fc.nat(9) }), fc.record({ deleted: key }), {
  weight: 1,
  arbitrary: fc.constant('clear' as const),
});

function filled(count: number): { wide: WideMap<number>; plain: Map<string, number> } {
  const wide = new WideMap<number>();
  const plain = new Map<string, number>();
  for (let nth = 0; nth < count; nth += 1) {
    wide.set(`key ${nth}`, nth);
    plain.set(`key ${nth}`, nth);
  }
  return { wide, plain };
}

function sorted(entries: Iterable<[string, number]>): [string, number][] {
  return [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('a wide map', () => {
  it.each([0, MANY - 3, MANY, 2 * MANY])('is what a Map would be, beginning with %d entries', (count) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const { wide, plain } = filled(count);
        for (const one of steps) {
          if (one === 'clear') {
            wide.clear();
            plain.clear();
          } else if ('set' in one) {
            wide.set(one.set, one.value);
            plain.set(one.set, one.value);
          } else expect(wide.delete(one.deleted)).toBe(plain.delete(one.deleted));
          expect(wide.size).toBe(plain.size);
          const asked = one === 'clear' ? 'a' : 'set' in one ? one.set : one.deleted;
          expect([wide.has(asked), wide.get(asked)]).toEqual([plain.has(asked), plain.get(asked)]);
        }
        expect(sorted(wide)).toEqual(sorted(plain));
      }),
      { numRuns: count === 0 ? 100 : 10 },
    );
  });

  it('spreads keys that differ in little evenly enough', () => {
    for (const prefix of ['user', 'room ', '']) {
      const wide = new WideMap<number>();
      for (let nth = 0; nth < 20 * MANY; nth += 1) wide.set(`${prefix}${nth}`, nth);
      // Entries come share by share: those that were set last in order begin a share each.
      let shares = 0;
      let before = Infinity;
      let size = 0;
      let largest = 0;
      for (const [, nth] of wide) {
        if (nth < before) {
          shares += 1;
          size = 0;
        }
        before = nth;
        size += 1;
        largest = Math.max(largest, size);
      }
      expect(shares).toBe(256);
      expect(largest).toBeLessThan(2 * 20 * 16);
    }
  });
});
