/** The whole cluster in one process: some seeds that are always the same, some that nobody has run before. */

import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { simulate } from '../src/index.ts';
import type { SimulationResult } from '../src/index.ts';
import { RECORDED_TRACES } from './recorded-traces.ts';

const FRESH = Array.from({ length: 5 }, () => randomInt(2 ** 40));

function foundIn({ seed, violation }: SimulationResult): string | undefined {
  return violation === undefined
    ? undefined
    : `${violation.invariant}: ${violation.message}; see it with npm run sim -- --seed ${seed} --trace`;
}

describe('a run of a seed', () => {
  it.each([...RECORDED_TRACES])('finds nothing wrong in seed %i, and its trace is %s', async (seed, hash) => {
    const result = await simulate({ seed, trace: true });
    expect(foundIn(result)).toBeUndefined();
    expect(result.hash).toBe(hash);
  });

  it('finds nothing wrong in seeds that nobody has run before', async () => {
    for (const seed of FRESH) expect(foundIn(await simulate({ seed }))).toBeUndefined();
  });

  it('is the same the second time, event by event', async () => {
    const [first, second, other] = [7, 7, 8].map((seed) => simulate({ seed, trace: true }));
    const { hash, steps } = (await first) ?? {};
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect((await second)?.hash).toBe(hash);
    expect((await second)?.steps).toBe(steps);
    expect((await other)?.hash).not.toBe(hash);
  });
});
