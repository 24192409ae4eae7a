/** Who takes part in a run. */

import { describe, expect, it } from '@jest/globals';
import { takesPart } from '../src/bench.ts';
import { SCENARIOS } from '../src/scenarios.ts';
import type { Contender } from '../src/scenario.ts';

const ALL = { only: undefined, peers: true, quick: false };
const contenders = SCENARIOS.flatMap((scenario) => scenario.contenders);
const told: string[] = [];

function taken(choice: Partial<typeof ALL> | { only: string[] }): Contender[] {
  return contenders.filter((contender) => takesPart(contender, { ...ALL, ...choice }, () => undefined));
}

describe('a run', () => {
  it('of ours only has every contender that is the project’s, whatever its id, and nobody else', () => {
    const ids = new Set(taken({ only: ['ours'] }).map(({ id }) => id));
    expect(ids).toEqual(
      new Set([
        'ours',
        'ours-bare',
        'ours-guarded',
        'thousand',
        'ten-thousand',
        'hundred-thousand',
        'million',
      ]),
    );
  });

  it('of one contender by its id has that one alone', () => {
    expect(new Set(taken({ only: ['million'] }).map(({ id }) => id))).toEqual(new Set(['million']));
  });

  it('without peers has nothing of others', () => {
    expect(taken({ peers: false }).some(({ peer = false }) => peer)).toBe(false);
  });

  it('leaves out, and says so, who needs a program that is not installed', () => {
    const lonely = { id: 'lonely', title: 'Lonely', program: 'no-such-program-anywhere' };
    expect(takesPart(lonely, ALL, (line) => told.push(line))).toBe(false);
    expect(told).toHaveLength(1);
  });

  it('never names one of others as ours', () => {
    expect(contenders.filter(({ ours = false, peer = false }) => ours && peer)).toEqual([]);
  });
});
