/** The plots of docs/scaling.md, by the names of their files. */

import type { Chart } from './line-chart.ts';
import type { ScalingPoint } from './scaling.ts';

const MIB = 1024 * 1024;
const X = 'users';

export function scalingCharts(points: readonly ScalingPoint[]): Record<string, Chart> {
  const of = (name: string, value: (point: ScalingPoint) => number) => ({
    name,
    points: points.map((point) => [point.users, value(point)] as const),
  });
  const kinds = ['app-front', 'lobby-master', 'room-master'];
  return {
    memory: {
      title: 'Memory of all processes of a kind',
      x: X,
      y: 'MiB',
      marks: true,
      series: kinds.map((kind) => of(kind, ({ memoryBytes }) => (memoryBytes[kind] ?? 0) / MIB)),
    },
    cpu: {
      title: 'Cores taken while users talk',
      x: X,
      y: 'cores',
      marks: true,
      series: kinds.map((kind) => of(kind, ({ talkingCores }) => talkingCores[kind] ?? 0)),
    },
    arrival: {
      title: 'CPU of all servers for one arrival',
      x: X,
      y: 'milliseconds of a core',
      marks: true,
      series: [of('arrival', ({ cpuMsPerArrival }) => cpuMsPerArrival)],
    },
    delivery: {
      title: 'From a chat to its delivery',
      x: X,
      y: 'milliseconds',
      marks: true,
      series: [
        of('p50', ({ deliveryP50Ms }) => deliveryP50Ms),
        of('p99', ({ deliveryP99Ms }) => deliveryP99Ms),
      ],
    },
  };
}
