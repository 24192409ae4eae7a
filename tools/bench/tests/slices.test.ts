/**
 * Contenders that stand side by side and take turns, in real processes. How fast anything is, is never asked.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Found } from '../src/run/findings.ts';
import { Measurement } from '../src/run/measure.ts';
import { runRounds } from '../src/run/rounds.ts';
import type { Scenario } from '../src/scenario.ts';
import { PLACE } from './standing/jealous.ts';

jest.setTimeout(60_000);

const variant = { name: 'four lanes', connections: 4, inFlight: 4, roomSize: 0 };
const ROUNDS = 3;

function standing(...ids: string[]): Scenario {
  return {
    id: 'T',
    title: 'a test',
    directory: '../tests/standing',
    kind: 'network',
    sliced: true,
    variants: [variant],
    quickVariants: [variant],
    contenders: ids.map((id) => ({ id, title: id })),
    columns: [{ measure: 'perSecond', title: 'journeys', unit: '', digits: 0 }],
    goals: [],
    times: { warmUpMs: 50, measureMs: 100 },
    notes: [],
  };
}

function run(scenario: Scenario): Promise<Found> {
  const { variants, contenders, times } = scenario;
  const progress = (): void => undefined;
  return runRounds({ scenario, variants, contenders, rounds: ROUNDS, times, cores: undefined, progress });
}

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'lobby-bench-test-'));
  process.env[PLACE] = place;
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe('contenders that take turns', () => {
  it('are measured in each round, and nobody else travels meanwhile', async () => {
    const { cells, faults, measurements } = await run(standing('one', 'two'));
    expect(faults).toEqual([]);
    expect(measurements).toBe(2 * ROUNDS);
    const positive = Array.from({ length: ROUNDS }, () => expect.any(Number));
    expect(cells).toMatchObject([
      { contender: 'one', figures: { perSecond: positive }, foreignCores: positive },
      { contender: 'two', figures: { perSecond: positive }, foreignCores: positive },
    ]);
  });

  it('go on without one that can not be started, or fails', async () => {
    const { cells, faults } = await run(standing('restless', 'tired', 'one'));
    expect(faults).toHaveLength(2);
    const [restless, tired, one] = cells.map(({ figures }) => figures['perSecond'] ?? []);
    expect([restless, tired]).not.toContainEqual(expect.arrayContaining([expect.any(Number)]));
    expect(one).toEqual(Array.from({ length: ROUNDS }, () => expect.any(Number)));
  });

  it('are refused where their load has no lanes', async () => {
    const echo = { ...standing(), directory: 'echo' };
    await using measurement = await Measurement.begin({
      scenario: echo,
      variant,
      contender: { id: 'limit', title: 'limit' },
      cores: undefined,
      times: echo.times,
    });
    await expect(measurement.pause()).rejects.toThrow('without lanes');
  });
});
