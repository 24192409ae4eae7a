import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EpochSource } from '../src/epoch-source.ts';

describe('F28: the numbers of logins', () => {
  it('grow, whatever is drawn and seen in between', () => {
    const seen = fc.integer({ min: 0, max: 2 ** 50 });
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(fc.option(seen)), (incarnation, steps) => {
        const source = new EpochSource(incarnation);
        let last = -1;
        for (const step of steps) {
          if (step === null) {
            const next = source.next();
            expect(next).toBeGreaterThan(last);
            last = next;
          } else {
            source.seen(step);
            last = Math.max(last, step);
          }
        }
      }),
    );
  });

  it('begin above all that an earlier incarnation could give, without having seen any', () => {
    const earlier = new EpochSource(7);
    for (let nth = 0; nth < 1_000; nth += 1) earlier.next();
    expect(new EpochSource(8).next()).toBeGreaterThan(earlier.next());
  });

  it('are safe integers for more incarnations than a service will have', () => {
    expect(Number.isSafeInteger(new EpochSource(2_000_000).next())).toBe(true);
  });
});
