/**
 * One process of the simulated world: a name, a host, a clock and a chance of its own, and its place in the
 * network. It is started once; what is started in its place after its death is another one.
 */
import type { Platform, Transport, VirtualClock } from '@lobby/net-frame';
import type { Chance } from '@lobby/players';
import { ProcessClock } from './time/process-clock.ts';

/** What a process needs of the network that it is in. */
export interface ProcessNetwork {
  readonly clock: VirtualClock;
  transportOf(process: SimProcess): Transport;
  /** The process is dead: its ports are free, its connections end. */
  abandon(process: SimProcess): void;
}

export interface SimProcessOptions {
  readonly name: string;
  readonly host: string;
  /** Told apart from those of the same name before it. */
  readonly boot: string;
  readonly network: ProcessNetwork;
  readonly random: Chance;
  /** Told whenever something of this process is about to run. */
  readonly ran: (process: SimProcess) => void;
}

export class SimProcess {
  readonly name: string;
  readonly host: string;
  readonly boot: string;
  readonly clock: ProcessClock;
  readonly random: Chance;
  readonly platform: Platform;
  readonly startedAt: number;
  /** When it was last stopped from running, or ran again. */
  resumedAt: number;
  /** Its timers were late at some time: what it measures by them is not what it should be. */
  everLagged = false;
  /** When it last tried to connect, by address; the newest last. */
  readonly attempts = new Map<string, number[]>();
  readonly #network: ProcessNetwork;

  constructor({ name, host, boot, network, random, ran }: SimProcessOptions) {
    this.name = name;
    this.host = host;
    this.boot = boot;
    this.random = random;
    this.#network = network;
    this.clock = new ProcessClock(network.clock, () => ran(this));
    this.startedAt = this.resumedAt = network.clock.now();
    let lastKey = 0;
    this.platform = Object.freeze({
      clock: this.clock,
      random: random.fork('platform'),
      transport: network.transportOf(this),
      nextSessionKey: () => (lastKey += 1),
    });
  }

  get alive(): boolean {
    return this.clock.state !== 'dead';
  }

  /** SIGKILL: nobody says farewell. */
  kill(): void {
    this.clock.die();
    this.#network.abandon(this);
  }

  /** SIGSTOP: the system goes on accepting and taking bytes for it. */
  pause(): void {
    this.clock.pause();
  }

  /** SIGCONT. */
  resume(): void {
    this.resumedAt = this.#network.clock.now();
    this.clock.resume();
  }
}
