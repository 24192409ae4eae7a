/** What is drawn of a run: from its samples to charts. */

import type { ProcessSample, Sample } from '../run/timeline.ts';
import type { Chart, Series } from './line-chart.ts';

const MIB = 1024 * 1024;
const SECONDS = 'seconds';

export function runCharts(samples: readonly Sample[]): Chart[] {
  const over = (name: string, value: (sample: Sample) => number): Series => ({
    name,
    points: samples.map((sample) => [sample.atSeconds, value(sample)]),
  });
  return [
    {
      title: 'Users',
      x: SECONDS,
      y: 'users',
      series: [
        over('logged in', ({ sums }) => sums.totals.loggedIn),
        over('in rooms', ({ sums }) => sums.totals.inRooms),
      ],
    },
    {
      title: 'Deliveries',
      x: SECONDS,
      y: 'chats received a second',
      series: [over('deliveries', ({ deliveriesPerSecond }) => deliveriesPerSecond)],
    },
    {
      title: 'From a chat to its delivery',
      x: SECONDS,
      y: 'milliseconds',
      series: [over('p50', ({ delivery }) => delivery.p50Ms), over('p99', ({ delivery }) => delivery.p99Ms)],
    },
    {
      title: 'From a call to its answer',
      x: SECONDS,
      y: 'milliseconds',
      series: [over('p50', ({ call }) => call.p50Ms), over('p99', ({ call }) => call.p99Ms)],
    },
    processes('Memory of the servers', samples, {
      of: 'servers',
      unit: 'MiB',
      value: ({ rssBytes }) => rssBytes / MIB,
    }),
    processes('CPU of the servers', samples, {
      of: 'servers',
      unit: '% of a core',
      value: ({ cpu }) => 100 * cpu,
    }),
    processes('CPU of the load', samples, { of: 'bots', unit: '% of a core', value: ({ cpu }) => 100 * cpu }),
  ];
}

interface ProcessValue {
  readonly of: 'servers' | 'bots';
  readonly unit: string;
  readonly value: (process: ProcessSample) => number;
}

function processes(title: string, samples: readonly Sample[], { of, unit, value }: ProcessValue): Chart {
  const names = [...new Set(samples.flatMap((sample) => sample[of].map(({ name }) => name)))];
  const series = names.map((name) => ({
    name,
    points: samples.flatMap((sample) => {
      const one = sample[of].find((process) => process.name === name);
      return one === undefined ? [] : [[sample.atSeconds, value(one)] as const];
    }),
  }));
  return { title, x: SECONDS, y: unit, series };
}
