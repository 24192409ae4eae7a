/**
 * A whole lobby of real processes: five apps on ports of their own, with a data directory that is gone afterwards.
 *
 *     startCluster() ──▶ all ready ── kill, stop, start one or the other ──▶ ... ── dispose ──▶ nothing left
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess } from './app-process.ts';
import { APPS, portSettings } from './apps.ts';
import type { AppName, AppPorts, Settings } from './apps.ts';
import { ClusterError } from './cluster-error.ts';
import { freePorts } from './free-ports.ts';
import { Guard } from './guard.ts';

export interface ClusterOptions {
  /** Settings of all apps. Ports, addresses and the data directory are the cluster's own. */
  readonly env?: Settings;
  /** Settings of single apps on top. */
  readonly envOf?: Readonly<Partial<Record<AppName, Settings>>>;
  /** What is started at once; all five if left out. The others wait for their `start()`. */
  readonly apps?: readonly AppName[];
}

const TRIES = 3;
const PORTS_PER_APP = 2;
/** Only a process that ends by itself keeps what it compiled, and that is worth a moment's wait. */
const PATIENCE_MS = 3_000;
/** Rooms that somebody left open need not end in peace, unless a test says so. */
const NO_PATIENCE_MS = '1';

export class Cluster implements AsyncDisposable {
  /** The data directory of all apps, and their working directory. */
  readonly directory: string;
  readonly #guard: Guard;
  readonly #apps: ReadonlyMap<AppName, AppProcess>;
  #ending: Promise<void> | undefined;

  private constructor(directory: string, guard: Guard, apps: ReadonlyMap<AppName, AppProcess>) {
    this.directory = directory;
    this.#guard = guard;
    this.#apps = apps;
  }

  /** A cluster of which nothing runs yet. */
  static async prepare({ env = {}, envOf = {} }: ClusterOptions): Promise<Cluster> {
    const free = await freePorts(PORTS_PER_APP * APPS.length);
    const directory = await mkdtemp(join(tmpdir(), 'lobby-cluster-'));
    const guard = new Guard(directory);
    const ports = new Map<AppName, AppPorts>(
      APPS.map((app, index) => [
        app,
        { port: free[2 * index] as number, adminPort: free[2 * index + 1] as number },
      ]),
    );
    const settings: Settings = {
      LOBBY_DRAIN_MS: NO_PATIENCE_MS,
      ...env,
      LOBBY_DATA_DIR: directory,
      LOBBY_LOG_FORMAT: 'json',
      LOBBY_LOBBY_MASTER_URL: `127.0.0.1:${ports.get('lobby-master')?.port}`,
      LOBBY_ROOM_MASTER_URL: `127.0.0.1:${ports.get('room-master')?.port}`,
      ...Object.fromEntries([...ports].flatMap(([app, own]) => Object.entries(portSettings(app, own)))),
    };
    const apps = [...ports].map(
      ([app, own]) =>
        [
          app,
          new AppProcess({ app, ports: own, settings: { ...settings, ...envOf[app] }, directory, guard }),
        ] as const,
    );
    return new Cluster(directory, guard, new Map(apps));
  }

  app(name: AppName): AppProcess {
    return this.#apps.get(name) as AppProcess;
  }

  /** All five, running or not. */
  get apps(): readonly AppProcess[] {
    return [...this.#apps.values()];
  }

  /** Resolves when every app that runs is ready. Rejects as `AppProcess.ready` does. */
  async ready(): Promise<void> {
    await Promise.all(this.apps.filter((app) => app.running).map((app) => app.ready()));
  }

  /** Ends what runs, by force where asking does not help at once, and removes the directory. Twice is harmless. */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    const running = this.apps.filter((app) => app.running);
    await Promise.all(running.map((app) => app.stop({ patienceMs: PATIENCE_MS })));
    await this.#guard.end();
  }
}

/**
 * Starts a cluster and resolves when all five apps are ready; with `apps` when those are alive. Where another process was quicker
 * to take a port, it begins anew with others. Rejects with a `ClusterError` that has the end of the log of the app at fault; then
 * nothing is left.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  for (let left = TRIES - 1; ; left -= 1) {
    const cluster = await Cluster.prepare(options);
    try {
      await begin(cluster, options);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      if (!(error instanceof ClusterError) || error.code !== 'port_taken' || left === 0) throw error;
    }
  }
}

async function begin(cluster: Cluster, { apps }: ClusterOptions): Promise<void> {
  const first = (apps ?? APPS).map((name) => cluster.app(name));
  for (const app of first) app.start();
  await Promise.all(first.map((app) => (apps === undefined ? app.ready() : app.alive())));
}
