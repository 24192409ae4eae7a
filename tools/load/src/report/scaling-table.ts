/** The measured points as the table of docs/scaling.md. */

import type { ScalingMeasurement, ScalingPoint } from './scaling.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

const COLUMNS: readonly (readonly [title: string, value: (point: ScalingPoint) => string])[] = [
  ['users', ({ users }) => grouped(users)],
  ['rooms', ({ rooms }) => grouped(rooms)],
  ['fronts', ({ fronts }) => String(fronts)],
  ['deliveries/s', ({ deliveriesPerSecond }) => grouped(deliveriesPerSecond)],
  ['delivery p50, p99', ({ deliveryP50Ms, deliveryP99Ms }) => `${ms(deliveryP50Ms)}, ${ms(deliveryP99Ms)}`],
  ['CPU per arrival', ({ cpuMsPerArrival }) => ms(cpuMsPerArrival)],
  ['cores of the fronts, talking', ({ talkingCores }) => (talkingCores['app-front'] ?? 0).toFixed(2)],
  ['memory: fronts', ({ memoryBytes }) => mib(memoryBytes['app-front'])],
  ['a user more', (point) => `${(growth(point) / KIB / point.users).toFixed(1)} KiB`],
  ['lobby-master', ({ memoryBytes }) => mib(memoryBytes['lobby-master'])],
  ['room-master', ({ memoryBytes }) => mib(memoryBytes['room-master'])],
  ['all served', ({ served }) => (served ? 'yes' : '**no**')],
];

export function scalingTable({ machine, node, date, points }: ScalingMeasurement): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `Measured on ${date} with Node ${node}, servers and load together on ${machine}.`,
    '',
    row(COLUMNS.map(([title]) => title)),
    row(COLUMNS.map(() => '---')),
    ...points.map((point) => row(COLUMNS.map(([, value]) => value(point)))),
  ].join('\n');
}

/** Bytes that the fronts took for their users. */
function growth({ memoryBytes, emptyBytes }: ScalingPoint): number {
  return (memoryBytes['app-front'] ?? 0) - (emptyBytes['app-front'] ?? 0);
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function mib(bytes = 0): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}
