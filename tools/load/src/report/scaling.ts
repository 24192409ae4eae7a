/**
 * The points of `docs/scaling.md`: the same load at several sizes, one after the other, and what each costs.
 * Rooms have 50 seats, every user says something every 100 seconds. What was measured is kept as JSON beside
 * the plots, so that the document can be written anew without measuring.
 */
import { cpus, totalmem } from 'node:os';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { LoadOptions } from '../run/load-options.ts';
import type { LoadResult } from '../run/run-load.ts';
import type { Sample } from '../run/timeline.ts';
import { lineChart } from './line-chart.ts';
import { scalingCharts } from './scaling-charts.ts';
import { scalingTable } from './scaling-table.ts';

/** A measured point. */
export interface ScalingPoint {
  readonly users: number;
  readonly rooms: number;
  readonly fronts: number;
  readonly chatsPerSecond: number;
  readonly rampSeconds: number;
  readonly talkSeconds: number;
  readonly deliveriesPerSecond: number;
  readonly deliveryP50Ms: number;
  readonly deliveryP99Ms: number;
  readonly callP99Ms: number;
  /** CPU seconds that all servers took for the arrival of one user: connection, login, seat, check-in. */
  readonly cpuMsPerArrival: number;
  /** Cores that each kind of server took while users talked. */
  readonly talkingCores: Readonly<Record<string, number>>;
  /** Before anybody had arrived, of all processes of a kind. */
  readonly emptyBytes: Readonly<Record<string, number>>;
  /** At the end. */
  readonly memoryBytes: Readonly<Record<string, number>>;
  readonly served: boolean;
}

export interface ScalingMeasurement {
  readonly machine: string;
  readonly node: string;
  readonly date: string;
  readonly points: readonly ScalingPoint[];
}

export const SCALING_USERS: readonly number[] = [1_000, 5_000, 20_000, 50_000];
const USERS_PER_ROOM = 50;
const SECONDS_PER_CHAT = 100;
const GIB = 1024 ** 3;
const DIRECTORY = new URL('../../../../docs/scaling/', import.meta.url);
const DOCUMENT = fileURLToPath(new URL('../../../../docs/scaling.md', import.meta.url));
const FIGURES = fileURLToPath(new URL('points.json', DIRECTORY));

export interface ScalingRun {
  /** What the command line said besides. */
  readonly given: Partial<LoadOptions>;
  readonly run: (given: Partial<LoadOptions>) => Promise<LoadResult>;
  readonly print: (line: string) => void;
}

/**
 * Measures, and writes the figures, the plots and the document's table. Resolves with whether all were served
 * at every point.
 */
export async function writeScaling(
  users: readonly number[],
  { given, run, print }: ScalingRun,
): Promise<boolean> {
  const points: ScalingPoint[] = [];
  for (const count of users) {
    const chatsPerSecond = count / SECONDS_PER_CHAT;
    const rooms = Math.ceil(count / USERS_PER_ROOM);
    print(`\n${count} users in ${rooms} rooms, ${chatsPerSecond} chats a second`);
    points.push(scalingPoint(await run({ seconds: 60, ...given, users: count, rooms, chatsPerSecond })));
  }
  await writeScalingDocument({ ...thisMachine(), points });
  print(`\n${DOCUMENT} and its plots are written.`);
  return points.every(({ served }) => served);
}

/** Writes the plots, the figures and the table between the document's markers. */
async function writeScalingDocument(measurement: ScalingMeasurement): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(FIGURES, await formatted(FIGURES, JSON.stringify(measurement)));
  for (const [name, chart] of Object.entries(scalingCharts(measurement.points)))
    await writeFile(new URL(`${name}.svg`, DIRECTORY), `${lineChart(chart)}\n`);
  const document = withTable(await readFile(DOCUMENT, 'utf8'), scalingTable(measurement));
  await writeFile(DOCUMENT, await formatted(DOCUMENT, document));
}

/** As the workspace's files are laid out. */
async function formatted(filepath: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

/** The document with its table replaced. */
export function withTable(document: string, table: string): string {
  const [before, rest] = document.split(/(?<=<!-- begin points.*-->\n)/);
  const after = rest?.slice(rest.indexOf('<!-- end points -->'));
  if (before === undefined || rest === undefined || after === undefined)
    throw new Error(
      'docs/scaling.md lacks its markers: "<!-- begin points ... -->" and "<!-- end points -->"',
    );
  return `${before}\n${table}\n\n${after}`;
}

/** What a run has cost. */
export function scalingPoint(result: LoadResult): ScalingPoint {
  const { options, samples, rampSeconds, talkSeconds, sums, delivery, call, faults } = result;
  const { users, rooms, fronts, chatsPerSecond } = options;
  const arriving = samples.filter(({ phase }) => phase === 'arriving');
  const talking = samples.filter(({ phase }) => phase === 'talking');
  return {
    users,
    rooms,
    fronts,
    chatsPerSecond,
    rampSeconds,
    talkSeconds,
    deliveriesPerSecond: sums.totals.deliveries / talkSeconds,
    deliveryP50Ms: delivery.p50Ms,
    deliveryP99Ms: delivery.p99Ms,
    callP99Ms: call.p99Ms,
    cpuMsPerArrival: (1_000 * cpuSeconds(arriving)) / users,
    talkingCores: byKind(talking, ({ cpu }) => cpu / Math.max(1, talking.length)),
    emptyBytes: byKind(samples.slice(0, 1), ({ rssBytes }) => rssBytes),
    memoryBytes: byKind(samples.slice(-1), ({ rssBytes }) => rssBytes),
    served: faults.length === 0,
  };
}

/** All servers, over these samples. */
function cpuSeconds(samples: readonly Sample[]): number {
  let seconds = 0;
  let before = 0;
  for (const { atSeconds, servers } of samples) {
    for (const { cpu } of servers) seconds += cpu * (atSeconds - before);
    before = atSeconds;
  }
  return seconds;
}

function byKind(
  samples: readonly Sample[],
  value: (process: Sample['servers'][number]) => number,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { servers } of samples) {
    for (const server of servers) {
      const kind = server.name.replace(/-\d+$/, '');
      sums[kind] = (sums[kind] ?? 0) + value(server);
    }
  }
  return sums;
}

function thisMachine(): Omit<ScalingMeasurement, 'points'> {
  const [cpu] = cpus();
  return {
    machine: `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / GIB).toFixed(0)} GiB`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}
