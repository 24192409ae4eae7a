import { describe, expect, it } from '@jest/globals';
import { goalsOf, tableOf } from '../src/judge.ts';
import type { Cell } from '../src/run/findings.ts';
import type { Goal, Scenario } from '../src/scenario.ts';

const variant = { name: 'all', connections: 1, inFlight: 1, roomSize: 0 };
const goal: Goal = {
  text: 'twice',
  variant: 'all',
  measure: 'speed',
  of: 'ours',
  against: 'other',
  atLeast: 2,
};

const OTHERS = 'others used, cores: median (most)';

function scenario(...goals: Goal[]): Scenario {
  return {
    id: 'T',
    title: 'a test',
    directory: 'none',
    kind: 'alone',
    variants: [variant],
    quickVariants: [variant],
    contenders: [
      { id: 'other', title: 'Other' },
      { id: 'ours', title: 'Ours' },
    ],
    columns: [{ measure: 'speed', title: 'speed', unit: 'm/s', digits: 1, compared: true }],
    goals,
    times: { warmUpMs: 0, measureMs: 0 },
    notes: [],
  };
}

const cell = (contender: string, ...speed: (number | undefined)[]): Cell => ({
  variant: 'all',
  contender,
  figures: { speed },
  foreignCores: speed.map((_, round) => round / 10),
});

describe('a goal', () => {
  it('is judged by the median of the ratios within rounds, not by the ratio of the medians', () => {
    // The ratios are 1, 3 and 3; the medians would be 20 and 20.
    const cells = [cell('other', 20, 10, 100), cell('ours', 20, 30, 300)];
    expect(goalsOf(scenario(goal), cells)).toEqual([
      { variant: 'all', text: 'twice', reached: '3.00 (1.00 to 3.00)', verdict: 'met' },
    ]);
  });

  it('is not met below its least, nor above its most', () => {
    const cells = [cell('other', 10), cell('ours', 15)];
    const { atLeast: _, ...rest } = goal;
    const verdicts = goalsOf(scenario(goal, { ...rest, atMost: 1.4 }, { ...rest, atMost: 1.5 }), cells);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['not met', 'not met', 'met']);
  });

  it('that always holds is not met by the median alone', () => {
    const { atLeast: _, against: __, ...rest } = { ...goal, atMost: 0 };
    const cells = [cell('ours', 0, 0, 3)];
    const verdicts = goalsOf(scenario(rest, { ...rest, always: true }), cells);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['met', 'not met']);
  });

  it('without a divisor is judged as it is', () => {
    const { against: _, ...alone } = goal;
    expect(goalsOf(scenario(alone), [cell('ours', 1.5)])[0]?.verdict).toBe('not met');
    expect(goalsOf(scenario(alone), [cell('ours', 2)])[0]?.verdict).toBe('met');
  });

  it('is not measured where one of the two is missing', () => {
    expect(goalsOf(scenario(goal), [cell('ours', 1)])).toMatchObject([{ verdict: 'not measured' }]);
    expect(goalsOf(scenario(goal), [cell('ours', 1), cell('other', undefined)])).toMatchObject([
      { verdict: 'not measured' },
    ]);
  });
});

describe('a table', () => {
  it('has medians with the least and the most, ratios to the first contender, and what others used', () => {
    const cells = [cell('other', 10, 20, 30), cell('ours', 20, 40, 90)];
    expect(tableOf(scenario(), cells)).toEqual({
      head: ['with', 'who', 'speed, m/s', 'ratio', OTHERS],
      rows: [
        ['all', 'Other', '20.0 (10.0 to 30.0)', '1.00', '0.10 (0.20)'],
        ['all', 'Ours', '40.0 (20.0 to 90.0)', '2.00', '0.10 (0.20)'],
      ],
    });
  });
});

describe('a table of measures', () => {
  it('has a column for each contender, what was not measured left out, and the growth', () => {
    const compared = scenario();
    const nothing = { ...compared.columns[0], measure: 'weight', title: 'weight' } as const;
    const columns = [...compared.columns, nothing] as Scenario['columns'];
    const found = tableOf({ ...compared, columns, rowOf: 'measure' }, [
      cell('other', 10, 20),
      cell('ours', 30, 40),
    ]);
    expect(found).toEqual({
      head: ['of', 'what', 'Other', 'Ours', 'growth'],
      rows: [
        ['all', 'speed, m/s', '15.0 (10.0 to 20.0)', '35.0 (30.0 to 40.0)', '2.50'],
        ['all', OTHERS, '0.05 (0.10)', '0.05 (0.10)', ''],
      ],
    });
  });
});
