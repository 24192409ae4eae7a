/**
 * From an app's configuration to its ports and links. What is made here shows itself on the admin endpoint.
 * In which order the parts of a front come and go it takes from `frontParts`.
 */
import { BackLink, frontParts } from '@lobby/discovery';
import type { FrontRegistry, FrontService } from '@lobby/discovery';
import type { Address, Platform, Transport } from '@lobby/net-frame';
import type { ServiceIdentity } from '@lobby/protocol';
import { Pulse, clientPort, serviceLink, servicePort } from '@lobby/pulse';
import type { ClientPulse, Dialect, ServerPulse } from '@lobby/pulse';
import type { AppHost, HostConfig } from '../app-host.ts';
import { clusterSecret, deriveKey } from '../cluster-secret.ts';
import type { SecretConfig } from '../cluster-secret.ts';
import { callRows, frontRows, linkRow, sessionRows } from './pulse-rows.ts';
import type { SessionHolder } from './pulse-rows.ts';
import { connectionBound } from './descriptor-limit.ts';
import { pulseMetrics } from './pulse-metrics.ts';
import { recoveryReply, recoveryRoute } from './recovery-route.ts';
import { clientTransport, serviceTransport } from './tls-files.ts';
import type { ClientTlsConfig, ServiceTlsConfig } from './tls-files.ts';

/** What services tell each other leaves in one write a millisecond where there is much of it. */
const GATHER_MS = 1;

/** What the wiring needs of every app's configuration. */
export interface WiringConfig extends HostConfig, SecretConfig, ServiceTlsConfig {
  readonly port: number;
  readonly maxConnections: number;
  readonly serviceHeartbeatMs: number;
  readonly serviceMaxFrameBytes: number;
}

/** What a client port needs on top. */
export interface ClientPortConfig extends ClientTlsConfig {
  readonly clientHeartbeatMs: number;
  readonly helloTimeoutMs: number;
  readonly loginTimeoutMs: number;
  readonly frameTimeoutMs: number;
  readonly maxUnauthenticatedPerAddress: number;
  readonly maxAnonymousFrameBytes: number;
  readonly maxFrameBytes: number;
  readonly maxUnsentBytes: number;
  readonly stallTimeoutMs: number;
  readonly ratePerSecond: number;
  readonly rateBurst: number;
}

export class ClusterWiring<Config extends WiringConfig = WiringConfig> {
  readonly platform: Platform;
  /** What this process proves to be. */
  readonly identity: ServiceIdentity;
  readonly #host: AppHost<Config>;
  readonly #secret: string;
  /** For service ports and links. */
  readonly #services: Platform;
  readonly #links: BackLink[] = [];
  readonly #pulses: (ServerPulse | ClientPulse)[] = [];

  /**
   * The wiring of this host. Rejects with a `ConfigError` where the cluster's secret, or a file of TLS, is
   * missing or no good.
   */
  static async of<Config extends WiringConfig>(host: AppHost<Config>): Promise<ClusterWiring<Config>> {
    return new ClusterWiring(host, await clusterSecret(host.config));
  }

  private constructor(host: AppHost<Config>, secret: string) {
    this.#host = host;
    this.platform = host.platform;
    this.#secret = secret;
    this.#services = this.#over(serviceTransport(host.config));
    this.identity = { service: host.app, node: host.config.node, boot: host.boot };
    pulseMetrics(host.metrics, this.#pulses);
    host.drain.busyWhile(() => {
      const open = this.#pulses.reduce((sum, pulse) => sum + pulse.openAnswers, 0);
      return open === 0 ? undefined : `${open} calls are being answered`;
    });
  }

  /** A key for one purpose, from the cluster's secret. */
  key(purpose: string): Uint8Array {
    return deriveKey(this.#secret, purpose);
  }

  /** The port that clients connect to. It is started, and stopped, with the parts that `serve` adds. */
  clientPort(this: ClusterWiring<Config & ClientPortConfig>): ServerPulse {
    const { config } = this.#host;
    const { node, helloTimeoutMs, loginTimeoutMs, maxAnonymousFrameBytes, maxUnauthenticatedPerAddress } =
      config;
    const { clientHeartbeatMs: heartbeatMs, frameTimeoutMs, maxFrameBytes } = config;
    const { maxUnsentBytes, stallTimeoutMs, ratePerSecond: perSecond, rateBurst: burst } = config;
    return this.#server(
      this.#over(clientTransport(config)),
      clientPort({
        node,
        helloTimeoutMs,
        loginTimeoutMs,
        maxAnonymousFrameBytes,
        maxUnauthenticatedPerAddress,
        rate: { perSecond, burst },
        sessions: { heartbeatMs, frameTimeoutMs, maxFrameBytes, maxUnsentBytes, stallTimeoutMs },
      }),
    );
  }

  /** The port that fronts connect to. */
  servicePort(): ServerPulse {
    return this.#server(this.#services, servicePort(this.#serviceDialect()));
  }

  /** Where others reach the port of this process: the advertised host, and the port it really listens on. */
  advertised(port: ServerPulse): Address {
    return { host: this.#host.config.advertiseHost, port: port.address?.port ?? this.#host.config.port };
  }

  /**
   * A link to a back; once `serve` has added it, it connects from the start of the host on, and comes back by
   * itself.
   */
  link(name: string, address: Address): BackLink {
    const link = new BackLink({
      name,
      address,
      platform: this.#services,
      dialect: serviceLink(this.#serviceDialect()),
      log: this.#host.log,
    });
    const holder = { name, sessions: () => (link.session === undefined ? [] : [link.session]) };
    this.#links.push(link);
    this.#host.admin.peers(() => ({ total: 1, items: [linkRow(link)] }));
    this.#show(link.pulse, holder);
    return link;
  }

  /** Adds to the host: this client port, the links made so far, and the services behind them. */
  serve(port: ServerPulse, ...services: readonly FrontService[]): void {
    for (const part of frontParts({ port, links: this.#links, services })) this.#host.add(part);
  }

  /**
   * Shows the fronts of a registry as peers and, where they have something to report, whether they have; see
   * `Recovery`.
   */
  fronts(registry: FrontRegistry): void {
    const { admin } = this.#host;
    const { recovery } = registry;
    admin.peers(() => frontRows(registry));
    if (recovery === undefined) return;
    this.#host.readyWhen(() => recovery.reasons);
    admin.read('/recovery', { ...recoveryRoute, read: () => recoveryReply(recovery) });
  }

  /** The one platform over another transport; over its own where that is undefined. */
  #over(transport: Transport | undefined): Platform {
    return transport === undefined ? this.platform : Object.freeze({ ...this.platform, transport });
  }

  #server(platform: Platform, dialect: Dialect): ServerPulse {
    const { app: name, config, log } = this.#host;
    const { host, port } = config;
    const maxConnections = connectionBound(config.maxConnections, log);
    const pulse = Pulse.asServer({ name, host, port, maxConnections, dialect, log, platform });
    this.#show(pulse, { name, sessions: () => pulse.sessions.values() });
    return pulse;
  }

  #show(pulse: ServerPulse | ClientPulse, holder: SessionHolder): void {
    this.#pulses.push(pulse);
    this.#host.admin.sessions(() => sessionRows(holder)).calls(() => callRows(holder, this.platform.clock));
  }

  #serviceDialect(): Parameters<typeof servicePort>[0] {
    const { serviceHeartbeatMs: heartbeatMs, serviceMaxFrameBytes: maxFrameBytes } = this.#host.config;
    return {
      identity: this.identity,
      secret: Buffer.from(this.#secret),
      random: this.platform.random,
      sessions: { heartbeatMs, maxFrameBytes, maxSentFrameBytes: maxFrameBytes, gatherMs: GATHER_MS },
    };
  }
}
