import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Histogram } from '../src/figures/histogram.ts';

const duration = fc.double({ min: 0.01, max: 300_000, noNaN: true });

describe('a histogram', () => {
  it('tells every percentile within 3 percent of what was added', () => {
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (all, share) => {
          const histogram = new Histogram();
          for (const ms of all) histogram.add(ms);
          const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] as number;
          const told = histogram.percentile(share);
          expect(told).toBeGreaterThanOrEqual(exact * 0.999_999);
          expect(told).toBeLessThanOrEqual(exact * 1.031);
        },
      ),
    );
  });

  it('adds up over processes as if everything had been added to one', () => {
    fc.assert(
      fc.property(
        fc.array(duration, { maxLength: 50 }),
        fc.array(duration, { maxLength: 50 }),
        (some, others) => {
          const whole = new Histogram();
          const sum = new Histogram();
          for (const part of [some, others]) {
            const own = new Histogram();
            for (const ms of part) {
              own.add(ms);
              whole.add(ms);
            }
            sum.addPart(own.take());
            expect(own.count).toBe(0);
          }
          expect(sum.percentiles()).toEqual(whole.percentiles());
        },
      ),
    );
  });

  it('tells zeros where nothing was added', () => {
    expect(new Histogram().percentiles()).toEqual({ count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
  });
});
