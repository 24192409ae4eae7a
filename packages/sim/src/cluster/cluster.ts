/**
 * The five apps, each with the process that is it now. What is killed comes back at the same address as
 * another process that knows nothing; only the disk of the accounts stays.
 */
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { AccountsDisk } from './accounts-disk.ts';
import { App } from './app.ts';
import { ADDRESSES, composeApp } from './make-app.ts';
import type { AppName } from './make-app.ts';
import { drawSettings } from './settings.ts';
import type { ClusterSettings } from './settings.ts';
import { WrittenLog } from './written-log.ts';

export const APP_NAMES = Object.keys(ADDRESSES) as AppName[];
/** The apps that clients log in at. */
export const LOBBY_FRONTS: readonly AppName[] = ['app-front', 'lobby-runner'];
/** The apps that hold rooms. */
export const ROOM_FRONTS: readonly AppName[] = ['app-front', 'room-runner'];

export class Cluster {
  readonly disk = new AccountsDisk();
  readonly settings: ClusterSettings;
  readonly #world: World;
  readonly #apps = new Map<AppName, App>();
  /** Those of them that are alive. */
  #alive: readonly App[] = [];
  readonly #started: ((app: App) => void)[] = [];
  /** When the process of this boot died. */
  readonly #deaths = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.settings = drawSettings(world.random.fork('settings'), world.extremes);
  }

  /** The apps that are up, dead ones left out. */
  get apps(): readonly App[] {
    return this.#alive;
  }

  /** The app that is up as this process; `undefined` for any other process. */
  appOf(process: SimProcess): App | undefined {
    for (const app of this.#alive) if (app.process === process) return app;
    return undefined;
  }

  /** The app as it is now; `undefined` while it is down. */
  app(name: AppName): App | undefined {
    const app = this.#apps.get(name);
    return app?.process.alive === true ? app : undefined;
  }

  /** When a process died, by its boot; `undefined` for one that has not. */
  diedAt(boot: string): number | undefined {
    return this.#deaths.get(boot);
  }

  /** `listener` is told of every app that is made from now on, before it starts. */
  onStart(listener: (app: App) => void): void {
    this.#started.push(listener);
  }

  /** A new process of this app. Harmless where one is up. */
  start(name: AppName): void {
    if (this.app(name) !== undefined) return;
    const process = this.#world.process(name);
    const { settings } = this;
    const writtenLog = this.#world.extremes.has('stillLogs') ? new WrittenLog(process) : undefined;
    const log = this.#world.logOf(name);
    const app = new App({ process, settings, address: ADDRESSES[name], log, writtenLog });
    this.#world.trace.event(name, 'starts', { boot: process.boot });
    process.clock.run(() => {
      composeApp[name](app, this.disk);
      this.#apps.set(name, app);
      this.#findAlive();
      for (const listener of this.#started) listener(app);
      app.start().catch((error: unknown) => {
        if (!app.stopped) this.#world.report('I23', `${name} could not start: ${String(error)}`);
      });
    });
  }

  /** SIGKILL. Harmless for one that is down. */
  kill(name: AppName): void {
    const app = this.app(name);
    if (app === undefined) return;
    this.#deaths.set(app.process.boot, this.#world.clock.now());
    app.process.kill();
    this.#findAlive();
  }

  /** SIGTERM, and the end of the process when it has stopped. Harmless for one that is down. */
  stop(name: AppName): void {
    const app = this.app(name);
    app?.process.clock.run(() => {
      void app.stop().then(() => {
        if (this.app(name) === app) this.kill(name);
      });
    });
  }

  #findAlive(): void {
    this.#alive = [...this.#apps.values()].filter(({ process }) => process.alive);
  }
}
