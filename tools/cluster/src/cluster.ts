/**
 * A whole lobby of real processes: the five apps, some of them several times, on ports of their own, with a
 * data directory that is gone afterwards.
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
  /** Settings of single processes on top, by their nodes' names. */
  readonly envOf?: Readonly<Record<string, Settings>>;
  /**
   * How many processes there are of an app, 1 if left out; the second of `app-front` is the node
   * `app-front-2`.
   */
  readonly fleet?: Readonly<Partial<Record<AppName, number>>>;
  /** The nodes that are started at once; all if left out. The others wait for their `start()`. */
  readonly apps?: readonly string[];
}

const TRIES = 3;
const PORTS_PER_APP = 2;
/** Only a process that ends by itself keeps what it compiled, and that is worth a moment's wait. */
const PATIENCE_MS = 3_000;
/** Rooms that somebody left open need not end in peace, unless a test says so. */
const NO_PATIENCE_MS = '1';
/**
 * At the start of a cluster no front has anything to report; who restarts a master says how long it may take.
 */
const SHORT_RECOVERY_MS = '300';

export class Cluster implements AsyncDisposable {
  /** The data directory of all apps, and their working directory. */
  readonly directory: string;
  readonly #guard: Guard;
  readonly #apps: ReadonlyMap<string, AppProcess>;
  #ending: Promise<void> | undefined;

  private constructor(directory: string, guard: Guard, apps: ReadonlyMap<string, AppProcess>) {
    this.directory = directory;
    this.#guard = guard;
    this.#apps = apps;
  }

  /** A cluster of which nothing runs yet. */
  static async prepare({ env = {}, envOf = {}, fleet = {} }: ClusterOptions): Promise<Cluster> {
    const nodes = APPS.flatMap((app) => nodesOf(app, fleet[app] ?? 1).map((node) => ({ app, node })));
    const free = await freePorts(PORTS_PER_APP * nodes.length);
    const directory = await mkdtemp(join(tmpdir(), 'lobby-cluster-'));
    const guard = new Guard(directory);
    const placed = nodes.map(({ app, node }, index) => {
      const ports: AppPorts = { port: free[2 * index] as number, adminPort: free[2 * index + 1] as number };
      return { app, node, ports };
    });
    const urlOf = (master: AppName): string =>
      `127.0.0.1:${placed.find(({ node }) => node === master)?.ports.port ?? 0}`;
    const common: Settings = {
      LOBBY_DRAIN_MS: NO_PATIENCE_MS,
      LOBBY_RECOVERY_MS: SHORT_RECOVERY_MS,
      ...env,
      LOBBY_DATA_DIR: directory,
      LOBBY_LOG_FORMAT: 'json',
      LOBBY_LOBBY_MASTER_URL: urlOf('lobby-master'),
      LOBBY_ROOM_MASTER_URL: urlOf('room-master'),
    };
    const apps = placed.map(({ app, node, ports }) => {
      const settings = { ...common, ...portSettings(app, ports), ...envOf[node] };
      return [node, new AppProcess({ app, node, ports, settings, directory, guard })] as const;
    });
    return new Cluster(directory, guard, new Map(apps));
  }

  /**
   * The process of that node; the first of an app has the app's name. Throws `misuse` where there is none.
   */
  app(node: string): AppProcess {
    const app = this.#apps.get(node);
    if (app !== undefined) return app;
    throw new ClusterError('misuse', `there is no ${node}: there are ${[...this.#apps.keys()].join(', ')}`);
  }

  /** All of them, running or not. */
  get apps(): readonly AppProcess[] {
    return [...this.#apps.values()];
  }

  /** Resolves when every app that runs is ready. Rejects as `AppProcess.ready` does. */
  async ready(): Promise<void> {
    await Promise.all(this.apps.filter((app) => app.running).map((app) => app.ready()));
  }

  /**
   * Ends what runs, by force where asking does not help at once, and removes the directory. Twice is
   * harmless.
   */
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
 * Starts a cluster and resolves when all apps are ready; with `apps` when those are alive. Where another
 * process was quicker to take a port, it begins anew with others. Rejects with a `ClusterError` that has the
 * end of the log of the app at fault; then nothing is left.
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

function nodesOf(app: AppName, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? app : `${app}-${index + 1}`));
}

async function begin(cluster: Cluster, { apps }: ClusterOptions): Promise<void> {
  const first = apps?.map((name) => cluster.app(name)) ?? cluster.apps;
  for (const app of first) app.start();
  await Promise.all(first.map((app) => (apps === undefined ? app.ready() : app.alive())));
}
