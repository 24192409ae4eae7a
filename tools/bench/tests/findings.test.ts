/** What is kept of samples, and what is told of each. */

import { describe, expect, it } from '@jest/globals';
import { Findings } from '../src/run/findings.ts';
import type { Place } from '../src/run/findings.ts';
import type { Scenario } from '../src/scenario.ts';

const variant = { name: 'all', connections: 1, inFlight: 1, roomSize: 0 };
const contender = { id: 'one', title: 'One' };
const SCENARIO: Scenario = {
  id: 'T',
  title: 'a test',
  directory: 'none',
  kind: 'alone',
  variants: [variant],
  quickVariants: [variant],
  contenders: [contender],
  columns: [{ measure: 'speed', title: 'speed', unit: '', digits: 0 }],
  goals: [],
  times: { warmUpMs: 0, measureMs: 0 },
  notes: [],
};

function findings(): { kept: Findings; told: string[]; place: (round: number) => Place } {
  const told: string[] = [];
  const kept = new Findings({ scenario: SCENARIO, rounds: 3, progress: (line) => told.push(line) });
  return { kept, told, place: (round) => ({ variant, contender, round }) };
}

const sample = (speed: number, foreignCores: number) => async () => ({
  measures: { speed, weight: 1 },
  foreignCores,
  besides: [],
});

describe('findings', () => {
  it('keep what the scenario shows and what others used, by round; a round that failed is missing', async () => {
    const { kept, place } = findings();
    expect(await kept.keep(place(0), sample(10, 0))).toBe(true);
    expect(await kept.keep(place(1), () => Promise.reject(new Error('broken')))).toBe(false);
    expect(await kept.keep(place(2), sample(30, 0.5))).toBe(true);
    const { cells, faults, disturbed, measurements } = kept.found;
    expect(cells).toEqual([
      {
        variant: 'all',
        contender: 'one',
        figures: { speed: [10, undefined, 30] },
        foreignCores: [0, undefined, 0.5],
      },
    ]);
    expect(faults).toHaveLength(1);
    expect({ disturbed, measurements }).toEqual({ disturbed: 1, measurements: 3 });
  });

  it('tell of each sample what others used, however little', async () => {
    const { kept, told, place } = findings();
    await kept.keep(place(0), sample(10, 0));
    await kept.keep(place(1), sample(10, 0.123));
    expect(told).toEqual([expect.stringContaining('0.00 cores'), expect.stringContaining('0.12 cores')]);
  });
});
