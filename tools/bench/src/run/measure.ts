/**
 * One measurement: one contender, one variant, once. Fresh processes each time, so that no round inherits
 * from another what was compiled or collected.
 *
 *     serve ─▶ begin ─▶ warm up ─▶ mark ── measure ──▶ mark ─▶ end
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Measures, Served, Usage, Variant } from '../contender.ts';
import type { Mark } from '../counter.ts';
import type { Contender, Scenario } from '../scenario.ts';
import { busyTimes, foreignCores } from './machine.ts';
import { Worker } from './worker.ts';

export interface MeasureOptions {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly contender: Contender;
  readonly cores: { readonly server: number; readonly load: number } | undefined;
  readonly times: Scenario['times'];
  readonly profileDirectory?: string | undefined;
}

export interface Sample {
  readonly measures: Measures;
  /** How many cores were used by others meanwhile. */
  readonly foreignCores: number;
  /** Where the time of the server went, if that was asked for. */
  readonly hottest: readonly string[];
}

const ROOT = new URL('../../', import.meta.url);

/** Rejects with what went wrong in one of the processes. Nothing is left running, whatever happens. */
export async function measure(options: MeasureOptions): Promise<Sample> {
  const { scenario, contender, cores } = options;
  const { directory } = scenario;
  const path = `${contender.peer === true ? 'peers' : 'src'}/${directory}/${contender.id}.ts`;
  const file = new URL(path, ROOT).href;
  const server = new Worker({ directory, file, core: cores?.server });
  const loads = Array.from(
    { length: scenario.kind === 'network' ? (scenario.loads ?? 1) : 0 },
    () => new Worker({ directory, file, core: cores?.load }),
  );
  try {
    return scenario.kind === 'network'
      ? await measureServer(server, loads, options)
      : await measureAlone(server, options);
  } finally {
    await Promise.all(loads.map((load) => load.end()));
    await server.end();
  }
}

async function measureAlone(worker: Worker, { variant }: MeasureOptions): Promise<Sample> {
  const from = busyTimes();
  const measures = await worker.ask<Measures>({ order: 'measure', variant });
  return { measures, foreignCores: foreignCores(from, busyTimes()), hottest: [] };
}

async function measureServer(
  server: Worker,
  loads: readonly Worker[],
  options: MeasureOptions,
): Promise<Sample> {
  const { scenario, variant, contender, times, profileDirectory } = options;
  const served = await server.ask<Served>({ order: 'serve', variant });
  const cpu = (): Promise<Usage> => server.ask({ order: 'usage', collect: false });
  const memory = (): Promise<Usage> => server.ask({ order: 'usage', collect: true });
  const mark = (): Promise<Mark[]> => Promise.all(loads.map((load) => load.ask<Mark>({ order: 'mark' })));

  const empty = await memory();
  const idle = await cpu();
  await Promise.all(
    loads.map((load, index) =>
      load.ask({ order: 'begin', served, variant, share: { index, of: loads.length } }),
    ),
  );
  const opened = await cpu();
  await passed(times.warmUpMs);
  if (profileDirectory !== undefined) await server.ask({ order: 'profile' });
  const foreignFrom = busyTimes();
  await mark();
  const from = await cpu();
  await passed(times.measureMs);
  const marks = await mark();
  const to = await cpu();
  const foreign = foreignCores(foreignFrom, busyTimes());
  const hottest =
    profileDirectory === undefined
      ? []
      : await server.ask<string[]>({ order: 'profiled', path: profilePath(profileDirectory, options) });
  const full = await memory();

  const units = marks.reduce((sum, { units: some }) => sum + some, 0);
  if (units === 0 && scenario.directory !== 'idle')
    throw new Error(`${contender.id} did nothing in ${times.measureMs} ms`);
  const slowest = (key: 'p50Us' | 'p99Us'): number => Math.max(...marks.map((one) => one[key]));
  const seconds = (marks[0]?.ms ?? 0) / 1_000;
  const cpuMs = to.cpuMs - from.cpuMs;
  return {
    foreignCores: foreign,
    hottest,
    measures: {
      perSecond: units / seconds,
      perCpuSecond: units / (cpuMs / 1_000),
      cpuUs: (cpuMs * 1_000) / units,
      serverBusy: cpuMs / 1_000 / seconds,
      p50Us: slowest('p50Us'),
      p99Us: slowest('p99Us'),
      kibPerConnection: (full.rssBytes - empty.rssBytes) / 1_024 / variant.connections,
      openUs: ((opened.cpuMs - idle.cpuMs) * 1_000) / variant.connections,
    },
  };
}

function profilePath(directory: string, { scenario, variant, contender }: MeasureOptions): string {
  mkdirSync(directory, { recursive: true });
  const name = `${scenario.id} ${contender.id} ${variant.name}`.replaceAll(/[^\w.]+/g, '-');
  return join(directory, `${name}.cpuprofile`);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
