/**
 * A measurement: one contender in one variant, in processes of its own. The only place that knows how figures
 * come of marks and usages.
 *
 *     begin(): serve ─▶ all come ─▶ warm up
 *       ── sample(): mark ── measure ──▶ mark
 *       ── or again and again, while others wait: slice(): resume ─▶ settle ─▶ sample ─▶ pause
 *     end
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Measures, Served, Usage, Variant } from '../contender.ts';
import type { Mark } from '../counter.ts';
import type { Contender, Scenario } from '../scenario.ts';
import { busyTimes, foreignCores } from './machine.ts';
import type { BusyTimes } from './machine.ts';
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
  /** What is told besides: where the time of the server went, if that was asked for; why something failed. */
  readonly besides: readonly string[];
}

/** How all came, and what there was before. */
interface Opening {
  readonly empty: Usage;
  readonly cpuMs: number;
  readonly ms: number;
  readonly mark: Mark;
  readonly busyFrom: BusyTimes | undefined;
}

const ROOT = new URL('../../', import.meta.url);
/** After a pause, until everything is under way again. */
const SETTLE_MS = 300;

/**
 * Begins, takes one sample, ends. Rejects with what went wrong in one of the processes; nothing is left
 * running, whatever happens.
 */
export async function measure(options: MeasureOptions): Promise<Sample> {
  await using measurement = await Measurement.begin(options);
  return await measurement.sample();
}

export class Measurement implements AsyncDisposable {
  readonly #options: MeasureOptions;
  readonly #server: Worker;
  readonly #loads: readonly Worker[];
  #opening: Opening | undefined;

  private constructor(options: MeasureOptions) {
    const { scenario, contender, cores } = options;
    const { directory } = scenario;
    const path = `${contender.peer === true ? 'peers' : 'src'}/${directory}/${contender.id}.ts`;
    const file = new URL(path, ROOT).href;
    this.#options = options;
    this.#server = new Worker({ directory, file, core: cores?.server });
    this.#loads = Array.from(
      { length: scenario.kind === 'network' ? (scenario.loads ?? 1) : 0 },
      () => new Worker({ directory, file, core: cores?.load }),
    );
  }

  /** Resolves with one that is warm and goes. Where that fails nothing is left running. */
  static async begin(options: MeasureOptions): Promise<Measurement> {
    const measurement = new Measurement(options);
    try {
      if (options.scenario.kind === 'network') await measurement.#warmUp();
      return measurement;
    } catch (error) {
      await measurement[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What it does from now on, for as long as the scenario says, with its memory at the end. */
  async sample(): Promise<Sample> {
    const opening = this.#opening;
    if (opening === undefined) return this.#measureAlone();
    const taken = await this.#take(opening);
    const full = await this.#usage(true);
    const bytes = full.rssBytes - opening.empty.rssBytes;
    const kibPerConnection = bytes / 1_024 / this.#options.variant.connections;
    return { ...taken, measures: { ...taken.measures, ...this.#measuresOf(opening), kibPerConnection } };
  }

  /**
   * A sample of one that was paused, and pauses again. Without its memory: a thorough collection takes what
   * was compiled too, so that it would be cold in the next slice.
   */
  async slice(): Promise<Sample> {
    await this.#tell('resume');
    await passed(SETTLE_MS);
    const taken = await this.#take(this.#opening);
    await this.pause();
    return taken;
  }

  /** Resolves when nothing is under way. Rejects where its load can't be paused. */
  async pause(): Promise<void> {
    await this.#tell('pause');
  }

  /** Ends its processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.end()));
    await this.#server.end();
  }

  async #warmUp(): Promise<void> {
    const { variant, times } = this.#options;
    const served = await this.#server.ask<Served>({ order: 'serve', variant });
    // Whoever answers has read its modules: nobody comes late for that.
    await this.#mark();
    const empty = await this.#usage(true);
    const { cpuMs: idleMs } = await this.#usage();
    const busyFrom = busyTimes();
    const began = performance.now();
    await Promise.all(
      this.#loads.map((load, index) =>
        load.ask({ order: 'begin', served, variant, share: { index, of: this.#loads.length } }),
      ),
    );
    const ms = performance.now() - began;
    const { cpuMs } = await this.#usage();
    this.#opening = { empty, cpuMs: cpuMs - idleMs, ms, mark: together(await this.#mark()), busyFrom };
    await passed(times.warmUpMs);
  }

  async #measureAlone(): Promise<Sample> {
    const { variant } = this.#options;
    const from = busyTimes();
    const measures = await this.#server.ask<Measures>({ order: 'measure', variant });
    return { measures, foreignCores: foreignCores(from, busyTimes()), besides: [] };
  }

  async #take(opening: Opening | undefined): Promise<Sample> {
    const { scenario, contender, times, profileDirectory } = this.#options;
    if (profileDirectory !== undefined) await this.#server.ask({ order: 'profile' });
    const busyFrom = scenario.silent === true ? opening?.busyFrom : busyTimes();
    await this.#mark();
    const from = await this.#usage();
    await passed(times.measureMs);
    const mark = together(await this.#mark());
    const to = await this.#usage();
    const foreign = foreignCores(busyFrom, busyTimes());
    const hottest =
      profileDirectory === undefined
        ? []
        : await this.#server.ask<string[]>({
            order: 'profiled',
            path: profilePath(profileDirectory, this.#options),
          });
    if (mark.units === 0 && scenario.silent !== true)
      throw new Error(`${contender.id} did nothing in ${times.measureMs} ms`);
    const seconds = mark.ms / 1_000;
    const cpuMs = to.cpuMs - from.cpuMs;
    const why = opening?.mark.firstFailure ?? mark.firstFailure;
    return {
      foreignCores: foreign,
      besides: [...hottest, ...(why === undefined ? [] : [`the first to fail: ${why}`])],
      measures: {
        perSecond: mark.units / seconds,
        perCpuSecond: mark.units / (cpuMs / 1_000),
        cpuUs: (cpuMs * 1_000) / mark.units,
        serverBusy: cpuMs / 1_000 / seconds,
        p50Us: mark.p50Us,
        p99Us: mark.p99Us,
        failures: (opening?.mark.failures ?? 0) + mark.failures,
      },
    };
  }

  /** What it took until all were there. */
  #measuresOf({ cpuMs, ms, mark }: Opening): Measures {
    const { connections } = this.#options.variant;
    return {
      openUs: (cpuMs * 1_000) / connections,
      // Who failed to come does not count.
      openPerCpuSecond: mark.units / (cpuMs / 1_000),
      openSeconds: ms / 1_000,
      openP50Ms: mark.p50Us / 1_000,
      openP99Ms: mark.p99Us / 1_000,
    };
  }

  #usage(collect = false): Promise<Usage> {
    return this.#server.ask({ order: 'usage', collect });
  }

  #mark(): Promise<Mark[]> {
    return Promise.all(this.#loads.map((load) => load.ask<Mark>({ order: 'mark' })));
  }

  #tell(order: 'pause' | 'resume'): Promise<unknown> {
    return Promise.all(this.#loads.map((load) => load.ask({ order })));
  }
}

/** Of several loads: their sums, and the times of the slowest. */
function together(marks: readonly Mark[]): Mark {
  const sum = (key: 'units' | 'failures'): number => marks.reduce((all, one) => all + one[key], 0);
  const most = (key: 'p50Us' | 'p99Us'): number => Math.max(...marks.map((one) => one[key]));
  return {
    units: sum('units'),
    failures: sum('failures'),
    firstFailure: marks.find(({ firstFailure }) => firstFailure !== undefined)?.firstFailure,
    ms: marks[0]?.ms ?? 0,
    p50Us: most('p50Us'),
    p99Us: most('p99Us'),
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
