/** A token bucket: so many at once, so many a second, and whoever waits as it must is served. */
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import fc from 'fast-check';
import { TokenBucket } from '../src/rate-limit.ts';

const takes = (bucket: TokenBucket, count: number): number =>
  Array.from({ length: count }, () => bucket.take()).filter((waitMs) => waitMs === 0).length;

describe('TokenBucket', () => {
  it('gives its burst at once, and then says how long to wait', () => {
    const bucket = new TokenBucket(new VirtualClock(), { perSecond: 30, burst: 60 });
    expect(takes(bucket, 60)).toBe(60);
    expect(bucket.take()).toBe(34);
    expect(bucket.take()).toBe(34);
  });

  it('gives so many a second in the long run', async () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { perSecond: 30, burst: 60 });
    takes(bucket, 60);
    await clock.advance(1_000);
    expect(takes(bucket, 100)).toBe(30);
  });

  it('saves up no more than its burst, however long it rests', async () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { perSecond: 30, burst: 60 });
    takes(bucket, 60);
    await clock.advance(3_600_000);
    expect(takes(bucket, 1_000)).toBe(60);
  });

  it('keeps its word: after the wait that it named there is a token, whatever its limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 20 }),
        async (perSecond, burst, pauses) => {
          const clock = new VirtualClock();
          const bucket = new TokenBucket(clock, { perSecond, burst });
          takes(bucket, burst);
          for (const pauseMs of pauses) {
            await clock.advance(pauseMs);
            const waitMs = bucket.take();
            if (waitMs === 0) continue;
            await clock.advance(waitMs);
            expect(bucket.take()).toBe(0);
          }
        },
      ),
      { numRuns: 30, examples: [[8, 1, [7.105427357601003e-15, 0]]] },
    );
  });
});
