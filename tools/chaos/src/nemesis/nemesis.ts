/**
 * Does to processes and routes what the plan says, and writes into the history when each fault begins and
 * ends. When `run` resolves no fault holds and every process runs.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '@lobby/cluster';
import type { Recorder } from '../history/recorder.ts';
import { inWords } from '../proxy/link-fault.ts';
import type { LinkFault } from '../proxy/link-fault.ts';
import type { Route } from '../proxy/route.ts';
import type { ProcessWatch } from '../run/process-watch.ts';
import type { ProxiedCluster } from '../run/proxied-cluster.ts';
import type { Chance } from '@lobby/players';
import type { PlannedFault, Round } from './fault-plan.ts';

export interface NemesisOptions {
  readonly lobby: ProxiedCluster;
  readonly watch: ProcessWatch;
  readonly recorder: Recorder;
  /** Draws which connections of a route suffer. */
  readonly chance: Chance;
  /** Told in words what begins. */
  readonly print: (words: string) => void;
}

/** What a process may take to end, the grace of a stop among it. */
const STOP_WITHIN_MS = 35_000;
const FRONT_APPS: readonly string[] = ['app-front', 'lobby-runner', 'room-runner'];

export class Nemesis {
  readonly #options: NemesisOptions;
  /** Processes that a fault is about; a second one on the same passes it over. */
  readonly #taken = new Set<string>();

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  async run(plan: readonly Round[]): Promise<void> {
    for (const { quietMs, faults } of plan) {
      await pause(quietMs);
      await Promise.all(
        faults.map(async ({ afterMs, fault }) => {
          await pause(afterMs);
          await this.#strike(fault);
        }),
      );
    }
  }

  async #strike(fault: PlannedFault): Promise<void> {
    const { lobby } = this.#options;
    switch (fault.kind) {
      case 'kill':
        return this.#alone(fault.node, () => this.#kill(fault.node, fault.backAfterMs));
      case 'pause':
        return this.#alone(fault.node, () => this.#pause(fault.node, fault.forMs));
      case 'rolling':
        return this.#roll();
      case 'isolate':
        return this.#isolate(lobby.routesOf(fault.node), fault);
      case 'link':
        return this.#link(
          fault.route,
          lobby.routes.filter(({ name }) => name === fault.route),
          fault,
        );
    }
  }

  async #kill(node: string, backAfterMs: number): Promise<void> {
    const { watch } = this.#options;
    const app = this.#app(node);
    await this.#during(node, 'killed', async () => {
      await watch.kill(app);
      await pause(backAfterMs);
      watch.start(app);
      await app.alive();
    });
  }

  async #pause(node: string, forMs: number): Promise<void> {
    await this.#during(node, `stopped for ${forMs} ms`, async () => {
      this.#app(node).kill('SIGSTOP');
      await pause(forMs);
      this.#app(node).kill('SIGCONT');
    });
  }

  async #roll(): Promise<void> {
    const { lobby, watch } = this.#options;
    for (const app of lobby.apps.filter(({ app }) => FRONT_APPS.includes(app)))
      await this.#alone(app.name, () =>
        this.#during(app.name, 'stopped and started again', async () => {
          await watch.stop(app, { patienceMs: STOP_WITHIN_MS });
          watch.start(app);
          await app.alive();
        }),
      );
  }

  /** The history names every way that suffers. */
  async #isolate(
    routes: readonly Route[],
    how: { readonly fault: LinkFault; readonly forMs: number },
  ): Promise<void> {
    await Promise.all(routes.map((route) => this.#link(route.name, [route], { ...how, share: 1 })));
  }

  async #link(
    on: string,
    routes: readonly Route[],
    { fault, share, forMs }: { readonly fault: LinkFault; readonly share: number; readonly forMs: number },
  ): Promise<void> {
    const { chance } = this.#options;
    const suffering = share < 1 ? `, of ${share * 100} % of the connections` : '';
    await this.#during(on, `${inWords(fault)}${suffering} for ${forMs} ms`, async () => {
      for (const route of routes) {
        if (share === 1) route.impose(fault);
        else for (const relay of route.relays) if (chance.chance(share)) relay.impose(fault);
      }
      await pause(forMs);
      for (const route of routes) route.lift();
    });
  }

  async #during(on: string, fault: string, happen: () => Promise<void>): Promise<void> {
    const { recorder, print } = this.#options;
    print(`${on}: ${fault}`);
    recorder.tell({ what: 'fault', on, fault, phase: 'begin' });
    await happen();
    recorder.tell({ what: 'fault', on, fault, phase: 'end' });
  }

  async #alone(node: string, strike: () => Promise<void>): Promise<void> {
    if (this.#taken.has(node)) return;
    this.#taken.add(node);
    try {
      await strike();
    } finally {
      this.#taken.delete(node);
    }
  }

  #app(node: string): AppProcess {
    return this.#options.lobby.cluster.app(node);
  }
}
