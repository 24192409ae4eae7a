/**
 * The plots of P10 in docs/scaling.md, drawn from what is kept of the last run and from nothing else: cost
 * over size, both by powers of ten, so that a line that lies flat is a cost that does not grow.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { lineChart } from '@lobby/load';
import type { Chart, Series } from '@lobby/load';
import type { ScenarioResult } from '../results.ts';
import { known, summary } from '../run/statistics.ts';
import { growthOfMasters } from './scenario.ts';
import { ROOMS, SIZES, USERS } from './sizes.ts';

/** Where the plots are. */
export const PLOTS = new URL('../../../../docs/scaling/', import.meta.url);

type Cells = Pick<ScenarioResult, 'cells'>;

const SHAPE = { marks: true, logarithmic: true } as const;

/** What is in each file, by its name. */
export function growthPlots(found: Cells): Readonly<Record<string, string>> {
  const line = (variant: string, measure: string, name: string): Series => ({
    name,
    points: Object.entries(SIZES).flatMap(([contender, size]) => {
      const cell = found.cells.find((one) => one.variant === variant && one.contender === contender);
      const figure = summary(known(cell?.figures[measure] ?? []));
      return figure === undefined ? [] : [[size, figure.median] as const];
    }),
  });
  const charts: Readonly<Record<string, Chart>> = {
    'growth-rooms': {
      ...SHAPE,
      title: 'A call to room-master',
      x: 'rooms',
      y: 'microseconds, p50',
      series: [
        line(ROOMS.name, 'middleP50Us', 'page'),
        line(ROOMS.name, 'titleOfNoneP50Us', 'by title'),
        line(ROOMS.name, 'attributesP50Us', 'by attributes'),
        line(ROOMS.name, 'quickP50Us', 'quick'),
        line(ROOMS.name, 'createP50Us', 'create'),
      ],
    },
    'growth-users': {
      ...SHAPE,
      title: 'A call to lobby-master',
      x: 'users',
      y: 'microseconds, p50',
      series: [
        line(USERS.name, 'loginP50Us', 'login by token'),
        line(USERS.name, 'againP50Us', 'from elsewhere'),
        line(USERS.name, 'countsP50Us', 'counts'),
      ],
    },
    'growth-deaths': {
      ...SHAPE,
      title: 'A front dies: the longest stop',
      x: 'rooms, users',
      y: 'milliseconds',
      series: [
        line(ROOMS.name, 'smallStopMs', '100 rooms'),
        line(ROOMS.name, 'tenthStopMs', 'a tenth, rooms'),
        line(USERS.name, 'smallStopMs', '100 users'),
        line(USERS.name, 'tenthStopMs', 'a tenth, users'),
      ],
    },
  };
  return Object.fromEntries(
    Object.entries(charts).map(([name, chart]) => [`${name}.svg`, `${lineChart(chart)}\n`]),
  );
}

/** Draws them anew where the scenario is among the results. */
export function writeGrowthPlots(found: readonly ScenarioResult[]): void {
  const growth = found.find(({ id }) => id === growthOfMasters.id);
  if (growth === undefined) return;
  mkdirSync(PLOTS, { recursive: true });
  for (const [name, svg] of Object.entries(growthPlots(growth))) writeFileSync(new URL(name, PLOTS), svg);
}
