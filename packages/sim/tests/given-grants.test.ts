import { describe, expect, it } from '@jest/globals';
import { NUMBERS_PER_INCARNATION } from '@lobby/protocol';
import { GivenGrants } from '../src/invariants/given-grants.ts';

const FIRST = NUMBERS_PER_INCARNATION;
const EVER = { fromMs: 0, toMs: Infinity };

describe('the times at which grants were given', () => {
  it('knows every number that was passed since the last look', () => {
    const given = new GivenGrants();
    given.look('a', FIRST + 1, 10);
    given.look('a', FIRST + 3, 20);
    expect([1, 2, 3, 4].map((nth) => given.at(FIRST + nth, EVER))).toEqual([10, 20, 20, undefined]);
  });

  it('leaves out the numbers of an incarnation that was skipped', () => {
    const given = new GivenGrants();
    given.look('a', FIRST + 1, 10);
    given.look('a', 3 * FIRST + 1, 20);
    expect(given.at(3 * FIRST + 1, EVER)).toBe(20);
    expect(given.at(FIRST + 2, EVER)).toBeUndefined();
  });

  it('tells two room-masters that gave one number apart by the time, and says nothing where that leaves both', () => {
    const given = new GivenGrants();
    given.look('a', FIRST + 1, 10);
    given.look('b', FIRST + 1, 20);
    expect(given.at(FIRST + 1, { fromMs: 0, toMs: 15 })).toBe(10);
    expect(given.at(FIRST + 1, { fromMs: 15, toMs: 25 })).toBe(20);
    expect(given.at(FIRST + 1, EVER)).toBeUndefined();
  });
});
