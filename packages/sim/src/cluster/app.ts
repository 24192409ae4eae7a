/**
 * One of the five apps, made of the same parts in the same order as its `main.ts`: parts are started one
 * after another, and stopped in reverse. What is different is below them: the clock, the chance and the
 * network are the simulation's.
 */
import { BackLink, Drain, frontParts, serverPart } from '@lobby/discovery';
import type { FrontService, Part } from '@lobby/discovery';
import type { LobbyMaster, LobbyRunner } from '@lobby/lobby';
import type { Address } from '@lobby/net-frame';
import type { ServiceIdentity } from '@lobby/protocol';
import { Pulse, clientPort, serviceLink, servicePort } from '@lobby/pulse';
import type { ClientPulse, Log, PulseOptions, ServerPulse } from '@lobby/pulse';
import type { RoomMaster, RoomRunner } from '@lobby/room';
import type { SimProcess } from '../sim-process.ts';
import type { ClusterSettings } from './settings.ts';
import { bothLogs } from './written-log.ts';
import type { WrittenLog } from './written-log.ts';

/** What an app is made of; which of the services it has depends on which app it is. */
export interface Services {
  readonly lobbyMaster?: LobbyMaster;
  readonly roomMaster?: RoomMaster;
  readonly lobby?: LobbyRunner;
  readonly rooms?: RoomRunner;
}

const SECRET = Buffer.from('a secret of simulations alone');

/** As the apps have it. */
const GATHER_MS = 1;

export class App {
  readonly name: string;
  readonly process: SimProcess;
  readonly settings: ClusterSettings;
  readonly identity: ServiceIdentity;
  readonly address: Address;
  readonly log: Log;
  /** What becomes of its log outside; only where the run looks at that. */
  readonly writtenLog: WrittenLog | undefined;
  readonly links: BackLink[] = [];
  /** Where others connect to. */
  port: ServerPulse | undefined;
  services: Services = {};
  readonly drain = new Drain();
  readonly #parts: Part[] = [];
  #stopping: Promise<void> | undefined;

  constructor(options: {
    readonly process: SimProcess;
    readonly settings: ClusterSettings;
    readonly address: Address;
    readonly log: Log;
    readonly writtenLog?: WrittenLog | undefined;
  }) {
    const { process, settings, address, log, writtenLog } = options;
    this.name = process.name;
    this.process = process;
    this.settings = settings;
    this.address = address;
    this.log = writtenLog === undefined ? log : bothLogs(log, writtenLog);
    this.writtenLog = writtenLog;
    this.drain.busyWhile(() =>
      this.pulses.some(({ openAnswers }) => openAnswers > 0) ? 'calls' : undefined,
    );
    this.identity = { service: process.name, node: process.name, boot: process.boot };
  }

  /** The pulses that have sessions of their own: the port and the links. */
  get pulses(): (ServerPulse | ClientPulse)[] {
    return [...(this.port === undefined ? [] : [this.port]), ...this.links.map((link) => link.pulse)];
  }

  add(part: Part): this {
    this.#parts.push(part);
    return this;
  }

  /** A part that is started before all others, and stopped after them. */
  addFirst(part: Part): this {
    this.#parts.unshift(part);
    return this;
  }

  clientPort(): ServerPulse {
    const { clientHeartbeatMs: heartbeatMs, maxUnsentBytes } = this.settings;
    return this.#server(clientPort({ node: this.name, sessions: { heartbeatMs, maxUnsentBytes } }));
  }

  servicePort(): ServerPulse {
    const { openingsPerSecond } = this.settings.ports ?? {};
    const dialect = servicePort({
      ...this.#serviceDialect(),
      ...(openingsPerSecond === undefined ? {} : { openingsPerSecond }),
    });
    const port = this.#server(dialect, this.#serviceLimits());
    this.add(serverPart('service port', port));
    return port;
  }

  /** A front: this client port, the links made so far, and these services. */
  serve(port: ServerPulse, ...services: readonly FrontService[]): void {
    for (const part of frontParts({ port, links: this.links, services })) this.add(part);
  }

  link(name: string, address: Address): BackLink {
    const { platform } = this.process;
    const link = new BackLink({
      ...this.#serviceLimits(),
      name,
      address,
      platform,
      dialect: serviceLink(this.#serviceDialect()),
      log: this.log,
    });
    this.links.push(link);
    return link;
  }

  async start(): Promise<void> {
    for (const part of this.#parts) {
      const starting = part.start();
      if (starting !== undefined) await starting;
    }
  }

  /** It was told to stop. */
  get stopped(): boolean {
    return this.#stopping !== undefined;
  }

  /** As after SIGTERM. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.drain.begin();
    await this.drain.quiet(this.process.clock, this.settings.drainMs);
    for (const part of [...this.#parts].reverse()) await part.stop();
  }

  #server(dialect: ReturnType<typeof clientPort>, options: Pick<PulseOptions, 'limits'> = {}): ServerPulse {
    const { name, log, address } = this;
    const { platform } = this.process;
    const { maxConnections } = this.settings.ports ?? {};
    const bound = maxConnections === undefined ? {} : { maxConnections };
    const port = Pulse.asServer({ ...options, ...bound, name, dialect, log, platform, ...address });
    this.port = port;
    return port;
  }

  #serviceDialect(): Parameters<typeof servicePort>[0] {
    const { serviceLimits } = this.settings;
    return {
      identity: this.identity,
      secret: SECRET,
      random: this.process.platform.random,
      sessions: {
        heartbeatMs: this.settings.serviceHeartbeatMs,
        gatherMs: GATHER_MS,
        ...(serviceLimits === undefined ? {} : { maxUnsentBytes: serviceLimits.maxUnsentBytes }),
      },
    };
  }

  #serviceLimits(): Pick<PulseOptions, 'limits'> {
    const { serviceLimits } = this.settings;
    return serviceLimits === undefined ? {} : { limits: { busyUnsentBytes: serviceLimits.busyUnsentBytes } };
  }
}
