/**
 * The host of one app: everything around its services, and the order in which they come and go.
 *
 *   new --start()--> starting --all parts up--> up --stop()--> draining --> stopping --> stopped
 *
 * It owns log, metrics, admin endpoint, the drain and the parts' order; it knows nothing of what the parts
 * do. The admin endpoint starts first and stops last, so that health can be asked all the while. Nothing here
 * touches signals or ends the process: that is `run-app.ts`.
 */
import { randomUUID } from 'node:crypto';
import { Drain } from '@lobby/discovery';
import type { Part } from '@lobby/discovery';
import { nodePlatform } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { addBuiltinRoutes } from './admin-builtin.ts';
import { Admin } from './admin.ts';
import type { ProcessLog } from './log.ts';
import { Metrics } from './metrics.ts';
import { PartSequence } from './part-sequence.ts';

/** What the host itself needs of an app's configuration. */
export interface HostConfig {
  readonly node: string;
  readonly adminHost: string;
  readonly adminPort: number;
  readonly adminToken: string | undefined;
}

export interface AppHostOptions<Configuration extends HostConfig> {
  readonly app: string;
  readonly version: string;
  readonly config: Configuration;
  readonly log: ProcessLog;
}

/** Why the app is not ready for traffic; nothing, or an empty list, when nothing is in its way. */
export type ReadinessCheck = () => string | readonly string[] | undefined;

const READINESS_POLL_MS = 250;

export class AppHost<Configuration extends HostConfig = HostConfig> implements AsyncDisposable {
  readonly app: string;
  readonly version: string;
  readonly config: Configuration;
  readonly log: ProcessLog;
  readonly metrics: Metrics;
  readonly admin: Admin;
  /** Hand it to whatever takes something new. It begins with a stop, or when an operator asks for it. */
  readonly drain = new Drain();
  /** Time, chance and transport of this process. */
  readonly platform: Platform = nodePlatform();
  /** Which life of this process it is: never the same twice. */
  readonly boot = randomUUID();

  readonly #parts: Part[] = [];
  readonly #checks: ReadinessCheck[] = [];
  readonly #sequence: PartSequence;
  readonly #started = new Date();
  #state: 'new' | 'starting' | 'up' | 'stopping' | 'stopped' = 'new';
  #readinessPoll: NodeJS.Timeout | undefined;

  /** @throws ConfigError where the admin endpoint would be open to others without a token. */
  constructor({ app, version, config, log }: AppHostOptions<Configuration>) {
    this.app = app;
    this.version = version;
    this.config = config;
    this.log = log;
    this.metrics = new Metrics(log);
    this.metrics.total(
      { name: 'lobby_log_lines_dropped_total', help: 'Log lines that could not be written' },
      () => log.linesDropped,
    );
    this.#sequence = new PartSequence(log);
    const { adminHost: host, adminPort: port, adminToken: token } = config;
    this.admin = new Admin({ app, version, host, port, token, log });
    addBuiltinRoutes(this.admin, {
      metrics: this.metrics,
      log,
      reasons: () => this.reasons(),
      drain: this.drain,
      info: () => ({
        app,
        node: config.node,
        boot: this.boot,
        version,
        started: this.#started.toISOString(),
        uptimeMs: Math.round(process.uptime() * 1000),
        pid: process.pid,
        nodeVersion: process.version,
        addresses: this.addresses(),
        draining: this.drain.draining,
      }),
    });
  }

  /** Adds a part, to be started after those that are there already. Throws once the host was started. */
  add(part: Part): this {
    if (this.#state !== 'new') throw new TypeError(`${part.name} comes too late: add parts before the start`);
    this.#parts.push(part);
    return this;
  }

  /** Adds a check that /readyz asks. */
  readyWhen(check: ReadinessCheck): this {
    this.#checks.push(check);
    return this;
  }

  /** Why the app is not ready now, each reason once; empty when it is. */
  reasons(): string[] {
    if (this.#state !== 'up') return [this.#state === 'new' ? 'starting' : this.#state];
    return [...new Set([...this.#drainReasons(), ...this.#checks.flatMap((check) => answerOf(check))])];
  }

  /** Where the parts listen, by the parts' names. */
  addresses(): Record<string, string> {
    const listening = [this.admin, ...this.#parts].map(
      (part: Part) => [part.name, part.address?.()] as const,
    );
    return Object.fromEntries(listening.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** The part that is being started or stopped now: what to blame when it takes too long. */
  get busyWith(): string | undefined {
    return this.#sequence.busyWith;
  }

  /**
   * Starts the admin endpoint and the parts, in order. Rejects with the first error: then `stop` clears up.
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw new TypeError('a host is started once: make a new one');
    this.#state = 'starting';
    await this.#sequence.start([this.admin, ...this.#parts]);
    // A stop may have come in between; then the parts are on their way down.
    if ((this.#state as string) !== 'starting') return;
    this.#state = 'up';
    this.#tellReadiness();
  }

  /**
   * Begins the drain, waits for what it waits for, `drainMs` at most, and stops the parts in reverse, the
   * admin endpoint last. Any number of calls is one stop; one that waits less hurries the others.
   */
  async stop({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    clearInterval(this.#readinessPoll);
    await this.#drained(drainMs);
    if (this.#state !== 'stopped') this.#state = 'stopping';
    try {
      await this.#sequence.stop();
    } finally {
      this.#state = 'stopped';
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drained(atMostMs: number): Promise<void> {
    const { drain, log } = this;
    drain.begin();
    const { waitsFor } = drain;
    if (waitsFor.length === 0 || atMostMs === 0) return;
    log.info({ waitsFor, atMostMs }, 'draining');
    const left = await drain.quiet(this.platform.clock, atMostMs);
    if (left.length > 0) log.warn({ waitedFor: left }, 'the time to drain is over');
  }

  #drainReasons(): string[] {
    if (!this.drain.draining) return [];
    const { waitsFor } = this.drain;
    return [waitsFor.length === 0 ? 'draining' : `draining: ${waitsFor.join(', ')}`];
  }

  /** Logs `ready` at once, or says what is still missing and logs it when that is there. */
  #tellReadiness(): void {
    const addresses = this.addresses();
    const missing = this.reasons();
    if (missing.length === 0) return this.log.info(addresses, 'ready');
    this.log.info({ ...addresses, missing }, 'started, not ready yet');
    this.#readinessPoll = setInterval(() => {
      if (this.reasons().length > 0) return;
      clearInterval(this.#readinessPoll);
      this.log.info(addresses, 'ready');
    }, READINESS_POLL_MS).unref();
  }
}

/**
 * What the check says. One that fails is a reason itself: it must not take the probe, or the process, down.
 */
function answerOf(check: ReadinessCheck): string | readonly string[] {
  try {
    return check() ?? [];
  } catch (error) {
    return `a readiness check failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
