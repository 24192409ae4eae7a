/** Chance from a seed: what makes a run the same every time. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Chance } from '../src/index.ts';

/** As it was when the traces of the simulation were recorded. */
const RECORDED = [0.3090970827033743, 225, 'a'];

const draws = (random: Chance): number[] => Array.from({ length: 20 }, () => random.fraction());

describe('chance from a seed', () => {
  it('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, other) => {
        const first = draws(new Chance(`seed ${seed}`));
        expect(draws(new Chance(`seed ${seed}`))).toEqual(first);
        if (seed !== other) expect(draws(new Chance(`seed ${other}`))).not.toEqual(first);
      }),
    );
  });

  it('draws what it always drew: seeds of the simulation stand for their traces', () => {
    const chance = new Chance('seed 7');
    expect([chance.fraction(), chance.integer(1, 1_000), chance.pick(['a', 'b', 'c'])]).toEqual(RECORDED);
  });

  it('forks streams that know nothing of what was drawn from it', () => {
    const random = new Chance('a');
    const before = draws(random.fork('b'));
    draws(random);
    expect(draws(random.fork('b'))).toEqual(before);
    expect(draws(random.fork('c'))).not.toEqual(before);
  });

  it('draws more than 0 and less than 1, over all of it', () => {
    const random = new Chance('range');
    const drawn = Array.from({ length: 10_000 }, () => random.fraction());
    expect(Math.min(...drawn)).toBeGreaterThan(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    const tenths = new Set(drawn.map((fraction) => Math.floor(fraction * 10)));
    expect(tenths.size).toBe(10);
  });

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        expect(new Chance(seed).shuffled(items).toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  it('picks by weight, and never what weighs nothing', () => {
    const random = new Chance('weights');
    const picked = Array.from({ length: 500 }, () =>
      random.weighted([
        [0, 'a'],
        [1, 'b'],
        [3, 'c'],
      ] as const),
    );
    expect(new Set(picked)).toEqual(new Set(['b', 'c']));
    expect(picked.filter((item) => item === 'c').length).toBeGreaterThan(250);
  });
});
