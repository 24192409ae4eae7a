import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { known, ratios, summary } from '../src/run/statistics.ts';

const figures = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 });

describe('a summary', () => {
  it('of no numbers is nothing', () => {
    expect(summary([])).toBeUndefined();
  });

  it('has the middle one of an odd count, and what is between the two middle ones of an even count', () => {
    expect(summary([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(summary([4, 1, 9, 2])).toEqual({ median: 3, min: 1, max: 9 });
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(figures, (given) => {
        expect(summary([...given].reverse())).toEqual(summary(given));
      }),
    );
  });
});

describe('ratios', () => {
  it('are taken within a round, and only of rounds in which both are known', () => {
    expect(ratios([10, undefined, 30, 40], [5, 5, undefined, 10])).toEqual([2, 4]);
  });

  it('leave out a round in which the divisor is nothing', () => {
    expect(ratios([10, 10], [0, 5])).toEqual([2]);
  });

  it('of figures to themselves are 1', () => {
    fc.assert(
      fc.property(figures, (given) => {
        expect(ratios(given, given)).toEqual(given.map(() => 1));
      }),
    );
  });
});

describe('known figures', () => {
  it('are those that are there', () => {
    expect(known([1, undefined, 3])).toEqual([1, 3]);
  });
});
