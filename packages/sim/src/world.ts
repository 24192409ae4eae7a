/**
 * What one run of one seed has one of: time, chance, the network, the trace, what clients were told, and the
 * first thing that was found to be wrong. It makes processes and knows no service.
 */
import { VirtualClock } from '@lobby/net-frame';
import type { Log } from '@lobby/pulse';
import { Calm } from './calm.ts';
import { extremesOf } from './extremes/extremes.ts';
import type { Extremes } from './extremes/extremes.ts';
import { History } from './history.ts';
import { Links } from './network/links.ts';
import { SimNetwork } from './network/sim-network.ts';
import { Wire } from './network/wire.ts';
import { Chance } from '@lobby/players';
import { SimProcess } from './sim-process.ts';
import { Trace } from './trace.ts';
import type { TraceLine } from './trace.ts';
import { Violation } from './violation.ts';

export interface WorldOptions {
  readonly seed: number;
  /** Whether lines are made and hashed. */
  readonly trace: boolean;
  readonly read?: ((line: TraceLine) => void) | undefined;
}

export class World {
  readonly seed: number;
  /** What this run has beside ordinary life. */
  readonly extremes: Extremes;
  readonly random: Chance;
  readonly clock = new VirtualClock();
  readonly trace: Trace;
  readonly links: Links;
  readonly network: SimNetwork;
  readonly history = new History(() => this.clock.now());
  readonly calm = new Calm(() => this.clock.now());
  /** The processes of which something ran since they were last looked at. */
  readonly ran = new Set<SimProcess>();
  #violation: Violation | undefined;
  #boots = 0;

  constructor({ seed, trace, read }: WorldOptions) {
    this.seed = seed;
    this.extremes = extremesOf(seed);
    this.random = new Chance(`seed ${seed}`);
    this.trace = new Trace({ on: trace, now: () => this.clock.now(), read });
    this.links = new Links(this.random.fork('links'));
    const { clock, links } = this;
    this.network = new SimNetwork({ clock, links, wire: new Wire(this.trace) });
  }

  /** The first that was reported. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Something is wrong. The run ends after this step. */
  report(invariant: string, words: string): void {
    if (this.#violation !== undefined) return;
    this.#violation = new Violation(invariant, words);
    this.trace.event('checks', 'violation', { invariant, note: words });
  }

  /** A fresh process on a host. */
  process(name: string, host = name): SimProcess {
    this.#boots += 1;
    const boot = `boot-${this.#boots}`;
    return new SimProcess({
      name,
      host,
      boot,
      network: this.network,
      random: this.random.fork(`${name} ${boot}`),
      ran: (process) => this.ran.add(process),
    });
  }

  /**
   * Where the services of a process tell what happens. An error that bears `err` was thrown where nobody
   * meant to throw: a fault of the product.
   */
  logOf(name: string): Log {
    const line = (level: string) => (fields: object, message: string) => {
      this.trace.event(name, 'logs', { level, ...fields, up: undefined, note: message });
    };
    const error = line('error');
    return {
      debug: () => undefined,
      info: line('info'),
      warn: line('warn'),
      error: (fields, message) => {
        error(fields, message);
        if (!('err' in fields)) return;
        const { err } = fields;
        const cause = err instanceof Error ? (err.stack ?? err.message) : String(err);
        this.report('I23', `${name}: ${message}: ${cause}`);
      },
    };
  }
}
