/**
 * A short run of the fuzzer on every target: with a seed that stays, and with one that is new each time and
 * told on failure.
 */

import { randomInt } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { COST_LIMITS, CostCheck } from '../../src/checks/cost.ts';
import type { Found } from '../../src/finding.ts';
import { runFront } from '../../src/front/front-run.ts';
import { localTargets } from '../../src/share/local-targets.ts';
import { ShareRunner } from '../../src/share/share-runner.ts';
import { Tally } from '../../src/share/tally.ts';

jest.setTimeout(120_000);

const FRAMES = 15_000;
const FRONT_FRAMES = 300;
/** No test asserts time: this only stops what takes many times too long. */
const NO_CLOCK = new CostCheck({ ...COST_LIMITS, milliseconds: 100 });
const SEEDS = [1, randomInt(2 ** 32)];

/** Without thousands of digits, which seed and index give back. */
function shortly(found: Found | undefined): object | undefined {
  return found && { ...found, hex: found.hex.slice(0, 400) };
}

describe('no rule is broken', () => {
  it.each(SEEDS)('by frames of seed %i that are fed to reader, codec and pulse', async (seed) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const tally = new Tally();
    const found = await new ShareRunner(seed, localTargets(['reader', 'codec', 'pulse'], NO_CLOCK)).run(
      { from: 0, to: FRAMES },
      tally,
    );
    Error.stackTraceLimit = stackTraceLimit;
    expect({ seed, found: shortly(found) }).toEqual({ seed, found: undefined });
    expect([tally.total('reader'), tally.total('codec')]).toEqual([FRAMES, FRAMES]);
    expect(tally.total('pulse')).toBe(Math.ceil(FRAMES / 64));
  });

  it('by frames that are fed to a live front', async () => {
    const seed = SEEDS[1] as number;
    const tally = new Tally();
    const { found, witnessed } = await runFront({ seed, from: 0, to: FRONT_FRAMES, tally });
    expect({ seed, found: shortly(found) }).toEqual({ seed, found: undefined });
    expect(tally.total('front')).toBe(FRONT_FRAMES);
    expect(witnessed).toBeGreaterThan(0);
  });
});
