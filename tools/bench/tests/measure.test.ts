/**
 * The tool itself keeps working: two scenarios that need no peer are measured once, as short and small as can
 * be, in processes of its own. How fast anything is, is never asked.
 */

import { describe, expect, it } from '@jest/globals';
import { measure } from '../src/run/measure.ts';
import { SCENARIOS } from '../src/scenarios.ts';
import type { Scenario } from '../src/scenario.ts';

const TIMES = { warmUpMs: 50, measureMs: 100 };

function scenario(id: string): Scenario {
  const found = SCENARIOS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no scenario ${id}`);
  return found;
}

describe('a measurement', () => {
  it.each([
    { id: 'P1', who: 'limit', connections: 2, inFlight: 4 },
    { id: 'P1', who: 'ours', connections: 2, inFlight: 4 },
    { id: 'P3', who: 'ours', connections: 4, inFlight: 1 },
  ])('of $id counts what $who does', async ({ id, who, connections, inFlight }) => {
    const { measures } = await measure({
      scenario: scenario(id),
      variant: { name: 'tiny', connections, inFlight, roomSize: 2 },
      contender: { id: who, title: who },
      cores: undefined,
      times: TIMES,
    });
    expect(measures['perSecond']).toBeGreaterThan(0);
    expect(measures['perCpuSecond']).toBeGreaterThan(0);
  });

  it('of a contender that cannot be started tells why', async () => {
    const measured = measure({
      scenario: scenario('P1'),
      variant: { name: 'tiny', connections: 1, inFlight: 1, roomSize: 0 },
      contender: { id: 'nobody', title: 'nobody' },
      cores: undefined,
      times: TIMES,
    });
    await expect(measured).rejects.toThrow(/Cannot find module .*nobody\.ts/);
  });
});
