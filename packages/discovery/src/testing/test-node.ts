/**
 * One process of a cluster in memory: what it proves to be, its ports and its links. Two nodes of one name
 * are a process and the one that was started after it.
 */
import type { Address, Platform } from '@lobby/net-frame';
import type { ServiceIdentity } from '@lobby/protocol';
import { Pulse, clientPort, serviceLink, servicePort, silentLog } from '@lobby/pulse';
import type { ClientPortOptions, Dialect, ServerPulse } from '@lobby/pulse';
import { BackLink } from '../back-link.ts';
import { MortalTransport } from './mortal-transport.ts';

/** The secret that all nodes of a cluster in memory hold. */
const SECRET = Buffer.from('a secret of tests alone');

export class TestNode {
  readonly identity: ServiceIdentity;
  readonly platform: Platform;
  readonly #transport: MortalTransport;

  /** Made by `TestCluster.node` only. */
  constructor(identity: ServiceIdentity, platform: Omit<Platform, 'nextSessionKey'>) {
    this.identity = identity;
    this.#transport = new MortalTransport(platform.transport);
    let lastKey = 0;
    this.platform = { ...platform, transport: this.#transport, nextSessionKey: () => (lastKey += 1) };
  }

  get alive(): boolean {
    return this.#transport.alive;
  }

  /** The port that fronts connect to; not started. */
  servicePort(address: Address): ServerPulse {
    return this.#server(address, servicePort(this.#proof()));
  }

  /** The port that clients connect to; not started. No client is throttled unless `rate` says so. */
  clientPort(address: Address, options: Partial<ClientPortOptions> = {}): ServerPulse {
    return this.#server(address, clientPort({ node: this.identity.node, rate: false, ...options }));
  }

  /** A link to the back at `address`; not started. */
  link(name: string, address: Address): BackLink {
    const { platform } = this;
    return new BackLink({ name, address, platform, dialect: serviceLink(this.#proof()), log: silentLog });
  }

  /** Ends the process without a farewell. */
  kill(): void {
    this.#transport.kill();
  }

  #server(address: Address, dialect: Dialect): ServerPulse {
    const name = this.identity.service;
    return Pulse.asServer({ name, platform: this.platform, dialect, ...address, log: silentLog });
  }

  #proof(): Parameters<typeof servicePort>[0] {
    return { identity: this.identity, secret: SECRET, random: this.platform.random };
  }
}
