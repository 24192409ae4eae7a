/** From the figures of a scenario to what a reader sees: a table of medians, and which goals were met. */

import type { Column, Goal, Scenario } from './scenario.ts';
import type { GoalResult, ScenarioResult } from './results.ts';
import type { Cell } from './run/findings.ts';
import { known, ratios, summary } from './run/statistics.ts';
import type { PerRound } from './run/statistics.ts';

const NOTHING: PerRound = [];
/** What everybody else used of the machine while it was measured. */
const OTHERS = 'others used, cores: median (most)';

/** The table of a scenario: a row for each contender in each variant, or for each measure. */
export function tableOf(scenario: Scenario, cells: readonly Cell[]): ScenarioResult['table'] {
  return scenario.rowOf === 'measure' ? measuresAsRows(scenario, cells) : contendersAsRows(scenario, cells);
}

function contendersAsRows(
  { contenders, columns }: Scenario,
  cells: readonly Cell[],
): ScenarioResult['table'] {
  const titles = new Map(contenders.map(({ id, title }) => [id, title]));
  const head = [
    'with',
    'who',
    ...columns.flatMap(({ title, unit, compared }) => [
      unit === '' ? title : `${title}, ${unit}`,
      ...(compared === true ? ['ratio'] : []),
    ]),
    OTHERS,
  ];
  const rows = cells.map((cell) => {
    const first = figuresOf(cells, cell.variant, contenders[0]?.id);
    return [
      cell.variant,
      titles.get(cell.contender) ?? cell.contender,
      ...columns.flatMap((column) => [
        written(cell.figures[column.measure] ?? NOTHING, column),
        ...(column.compared === true
          ? [ratioText(ratios(cell.figures[column.measure] ?? NOTHING, first(column.measure)))]
          : []),
      ]),
      othersText(cell),
    ];
  });
  return { head, rows };
}

/** A column for each contender; at the end what the last one has become of the first. */
function measuresAsRows(
  { variants, contenders, columns }: Scenario,
  cells: readonly Cell[],
): ScenarioResult['table'] {
  const rows = variants.flatMap(({ name }) => [
    ...columns.flatMap((column) => {
      const { measure, title, unit, compared } = column;
      const found = contenders.map(({ id }) => figuresOf(cells, name, id)(measure));
      if (found.every((figures) => known(figures).length === 0)) return [];
      const [first = NOTHING, last = NOTHING] = [found[0], found.at(-1)];
      return [
        [
          name,
          unit === '' ? title : `${title}, ${unit}`,
          ...found.map((figures) => written(figures, column)),
          compared === true ? ratioText(ratios(last, first)) : '',
        ],
      ];
    }),
    [name, OTHERS, ...contenders.map(({ id }) => othersText(cellOf(cells, name, id))), ''],
  ]);
  return { head: ['of', 'what', ...contenders.map(({ title }) => title), 'growth'], rows };
}

/**
 * Every goal with what was reached: the median of the ratios within the rounds, with the least and the most
 * of them.
 */
export function goalsOf(scenario: Scenario, cells: readonly Cell[]): GoalResult[] {
  return scenario.goals.map((goal) => {
    const reached = summary(reachedIn(goal, cells));
    const { variant, text } = goal;
    if (reached === undefined) return { variant, text, reached: '-', verdict: 'not measured' };
    const { median, min, max } = reached;
    const [least, most] = goal.always === true ? [min, max] : [median, median];
    const isMet = least >= (goal.atLeast ?? -Infinity) && most <= (goal.atMost ?? Infinity);
    return {
      variant,
      text,
      reached: `${short(median)} (${short(min)} to ${short(max)})`,
      verdict: isMet ? 'met' : 'not met',
    };
  });
}

function reachedIn({ variant, measure, of, against }: Goal, cells: readonly Cell[]): number[] {
  const figures = (contender: string): PerRound => figuresOf(cells, variant, contender)(measure);
  return against === undefined ? known(figures(of)) : ratios(figures(of), figures(against));
}

function cellOf(cells: readonly Cell[], variant: string, contender: string | undefined): Cell | undefined {
  return cells.find((cell) => cell.variant === variant && cell.contender === contender);
}

function figuresOf(
  cells: readonly Cell[],
  variant: string,
  contender: string | undefined,
): (measure: string) => PerRound {
  const cell = cellOf(cells, variant, contender);
  return (measure) => cell?.figures[measure] ?? NOTHING;
}

function written(figures: PerRound, { digits }: Column): string {
  const found = summary(known(figures));
  if (found === undefined) return '-';
  const text = (figure: number): string =>
    figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return found.min === found.max
    ? text(found.median)
    : `${text(found.median)} (${text(found.min)} to ${text(found.max)})`;
}

function othersText(cell: Cell | undefined): string {
  const found = summary(known(cell?.foreignCores ?? NOTHING));
  return found === undefined ? '-' : `${found.median.toFixed(2)} (${found.max.toFixed(2)})`;
}

function ratioText(found: readonly number[]): string {
  const all = summary(found);
  return all === undefined ? '-' : short(all.median);
}

function short(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(figure >= 1 ? 3 : 2);
}
