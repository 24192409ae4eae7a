import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountError } from '../src/index.ts';
import { BoundedPool } from '../src/bounded-pool.ts';

/** The code of a refusal, or what a job failed with. */
function failureIn(error: unknown): string {
  if (error instanceof AccountError) return error.code;
  return error instanceof Error ? error.message : String(error);
}

describe('F24: BoundedPool', () => {
  it('starts jobs in order, never more at once than it may, and refuses what the queue cannot hold', async () => {
    const anySituation = fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      queueLimit: fc.integer({ min: 0, max: 6 }),
      jobs: fc.array(fc.constantFrom('ends', 'fails', 'throws'), { maxLength: 16 }),
      scheduler: fc.scheduler(),
    });
    await fc.assert(
      fc.asyncProperty(anySituation, async ({ concurrency, queueLimit, jobs, scheduler }) => {
        const pool = new BoundedPool({ concurrency, queueLimit });
        const begun: number[] = [];
        const settling = jobs.map((kind, index) =>
          pool.run(() => {
            begun.push(index);
            expect(pool.running).toBeLessThanOrEqual(concurrency);
            if (kind === 'throws') throw new Error(kind);
            return scheduler.schedule(
              kind === 'ends' ? Promise.resolve(kind) : Promise.reject(new Error(kind)),
            );
          }),
        );
        expect(pool.waiting).toBeLessThanOrEqual(queueLimit);
        const outcomes = Promise.all(settling.map((job) => job.catch(failureIn)));
        await scheduler.waitFor(outcomes);

        const admitted = Math.min(jobs.length, concurrency + queueLimit);
        expect(begun).toEqual(jobs.slice(0, admitted).map((_, index) => index));
        expect(await outcomes).toEqual(jobs.map((kind, index) => (index < admitted ? kind : 'overloaded')));
        expect([pool.running, pool.waiting]).toEqual([0, 0]);
      }),
    );
  });
});
