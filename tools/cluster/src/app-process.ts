/**
 * One app of a cluster: a real process, started from its sources, that can be killed, stopped and started
 * again on the ports that it had. It knows nothing of the other apps.
 *
 *     made ── start() ──▶ running ── signal, fault ──▶ ended ── start() ──▶ running ...
 *
 * Invariant: at most one process at a time, and the guard knows of it from its first moment.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Address } from '@lobby/net-frame';
import { AppLog } from './app-log.ts';
import { COMPILE_CACHE, NODE_FLAGS, mainModule } from './apps.ts';
import type { AppName, AppPorts, Settings } from './apps.ts';
import { askAdmin } from './ask-admin.ts';
import type { AdminAnswer, AdminQuestion } from './ask-admin.ts';
import { ClusterError } from './cluster-error.ts';
import { eventually } from './eventually.ts';
import type { Guard } from './guard.ts';

export interface AppProcessOptions {
  readonly app: AppName;
  /** Its name among those of its kind; the app's if left out. */
  readonly node?: string;
  readonly ports: AppPorts;
  /** Every setting of the app, its ports too. */
  readonly settings: Settings;
  /** Its working directory. */
  readonly directory: string;
  readonly guard: Guard;
}

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Where the log of a run goes: to `log`, to a pipe that nobody reads while it runs, or to a file. */
export type LogTarget = 'log' | 'nobody' | { readonly file: string };

type Child = ChildProcessByStdio<null, Readable | null, Readable>;

interface Run {
  readonly child: Child;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
}

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 40_000;
const PATIENCE_MS = 15_000;

export class AppProcess {
  readonly app: AppName;
  /** The node's, such as `app-front` or `app-front-2`. */
  readonly name: string;
  /** Where clients, or services, connect to. */
  readonly address: Address;
  readonly adminAddress: Address;
  /** What the newest run said. */
  readonly log = new AppLog();
  readonly #options: AppProcessOptions;
  #run: Run | undefined;

  constructor(options: AppProcessOptions) {
    const { app, node = app, ports } = options;
    this.#options = options;
    this.app = app;
    this.name = node;
    this.address = Object.freeze({ host: HOST, port: ports.port });
    this.adminAddress = Object.freeze({ host: HOST, port: ports.adminPort });
  }

  get running(): boolean {
    return this.#run !== undefined && this.#run.exit === undefined;
  }

  /** The number of the process that runs, if one does. */
  get pid(): number | undefined {
    return this.running ? this.#run?.child.pid : undefined;
  }

  /**
   * How the newest run ends, when it does and everything that it said has been read. Throws `misuse` before
   * the first start.
   */
  get exited(): Promise<Exit> {
    return this.#theRun().exited;
  }

  /**
   * Starts the process and returns at once. `more` are settings of this run only, `logTo` is where its log
   * goes. Throws `misuse` while it runs.
   */
  start(more: Settings = {}, logTo: LogTarget = 'log'): void {
    if (this.running) throw new ClusterError('misuse', `${this.name} is running: stop or kill it first`);
    const { guard } = this.#options;
    this.log.clear();
    const child = this.#spawn(more, logTo);
    const { pid } = child;
    if (pid !== undefined) guard.watch(pid);
    const read = (): void =>
      void child.stdout?.setEncoding('utf8').on('data', (text: string) => this.log.addOutput(text));
    // Of a pipe that nobody reads the end is read all the same, else the process would never count as over.
    if (logTo === 'nobody') child.once('exit', read);
    else read();
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.log.addErrors(text));
    const { promise: exited, resolve, reject } = Promise.withResolvers<Exit>();
    const run: Run = { child, exited, exit: undefined };
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      run.exit = { code, signal };
      if (pid !== undefined) guard.forget(pid);
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
    this.#run = run;
  }

  #spawn(more: Settings, logTo: LogTarget): Child {
    const { settings, directory } = this.#options;
    const file = typeof logTo === 'object' ? openSync(logTo.file, 'a') : undefined;
    try {
      return spawn(process.execPath, [...NODE_FLAGS, mainModule(this.app)], {
        cwd: directory,
        env: { ...surroundings(), ...settings, LOBBY_NODE: this.name, ...more },
        stdio: ['ignore', file ?? 'pipe', 'pipe'],
      }) as Child;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Sends a signal; false where no process is there to get it. */
  kill(signal: NodeJS.Signals): boolean {
    return this.#theRun().child.kill(signal);
  }

  /**
   * Asks it to end, also where it is stopped, and resolves when it has; kills it after `patienceMs`, 15 s if
   * left out.
   */
  async stop({ patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {}): Promise<Exit> {
    const { exited } = this.#theRun();
    this.kill('SIGTERM');
    this.kill('SIGCONT');
    const impatience = setTimeout(() => this.kill('SIGKILL'), patienceMs);
    try {
      return await exited;
    } finally {
      clearTimeout(impatience);
    }
  }

  /**
   * Ends it with a signal, and starts it again on the same ports. Resolves when the new process is alive,
   * ready or not.
   */
  async restart({ signal = 'SIGTERM' }: { readonly signal?: 'SIGTERM' | 'SIGKILL' } = {}): Promise<void> {
    if (signal === 'SIGTERM') await this.stop();
    else this.kill(signal);
    await this.exited;
    this.start();
    await this.alive();
  }

  /** Resolves when the process answers. Rejects with `app_ended`, `port_taken` or `not_ready`. */
  alive(): Promise<void> {
    return this.#until('alive', async () => (await this.ask({ path: '/livez' })).status === 200);
  }

  /** Resolves when it can do all of its work. Rejects as `alive` does. */
  ready(): Promise<void> {
    return this.#until('ready', async () => {
      const { status, body } = await this.ask({ path: '/readyz' });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return true;
    });
  }

  /** What its admin endpoint tells under a path, whatever the status: the value of the JSON, or a text. */
  async admin<Body = unknown>(path: string): Promise<Body> {
    return (await this.ask({ path })).body as Body;
  }

  /** Asks its admin endpoint anything. Rejects where nobody answers. */
  ask(question: AdminQuestion): Promise<AdminAnswer> {
    return askAdmin(this.adminAddress, question);
  }

  async #until(state: string, look: () => Promise<boolean>): Promise<void> {
    const run = this.#theRun();
    try {
      await eventually(
        `${this.name} is ${state}`,
        async () => {
          if (run.exit !== undefined) throw await this.#ended(run);
          return look();
        },
        { withinMs: READY_WITHIN_MS, everyMs: 50 },
      );
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'late')
        throw new ClusterError('not_ready', `${error.message}\n  ${this.log.tail()}`, { cause: error });
      throw error;
    }
  }

  async #ended({ exited }: Run): Promise<ClusterError> {
    const { code, signal } = await exited;
    const taken = this.log.errors.includes('is taken by another process');
    return new ClusterError(
      taken ? 'port_taken' : 'app_ended',
      `${this.name} ended with ${signal ?? `exit code ${code}`}\n  ${this.log.tail()}`,
    );
  }

  #theRun(): Run {
    if (this.#run === undefined) throw new ClusterError('misuse', `${this.name} was never started`);
    return this.#run;
  }
}

/** The environment without what is meant for somebody else. */
function surroundings(): Settings {
  const kept = Object.entries(process.env).filter(([name]) => !/^(LOBBY_|NX_|NODE_|npm_)/.test(name));
  return { ...(Object.fromEntries(kept) as Settings), NODE_COMPILE_CACHE: COMPILE_CACHE };
}
