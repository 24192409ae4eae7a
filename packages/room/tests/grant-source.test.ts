import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrantSource } from '../src/grant-source.ts';

describe('F28: the numbers of grants', () => {
  it('grow, whatever the fronts report', () => {
    const step = fc.oneof(
      fc.record({ next: fc.constant(true) }),
      fc.record({ seen: fc.integer({ min: 0, max: 2 ** 40 }) }),
      fc.record({ forerunner: fc.integer({ min: 0, max: 300 }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const grants = new GrantSource();
        let last = -1;
        for (const one of steps) {
          if ('seen' in one) {
            grants.seen(one.seen);
            last = Math.max(last, one.seen);
          } else if ('forerunner' in one) grants.follow(one.forerunner);
          else {
            const next = grants.next();
            expect(next).toBeGreaterThan(last);
            last = next;
          }
        }
      }),
    );
  });

  it('of a master are above all of the one before it, as soon as a front has told of that one', () => {
    const before = new GrantSource();
    for (let grants = 0; grants < 1_000; grants += 1) before.next();
    const after = new GrantSource();
    expect(after.follow(before.incarnation)).toBe(true);
    expect(after.next()).toBeGreaterThan(before.next());
    expect(after.follow(before.incarnation)).toBe(false);
  });
});
