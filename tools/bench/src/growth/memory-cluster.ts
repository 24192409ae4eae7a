/**
 * Services of one process that speak to each other over a network in memory, with the clock of Node. What
 * they say is encoded, checked and decoded as it is on a real link; no system call is in it.
 */

import { randomBytes } from 'node:crypto';
import { BackLink } from '@lobby/discovery';
import type { Part } from '@lobby/discovery';
import { MemoryNetwork, nodePlatform } from '@lobby/net-frame';
import type { Address, Pipe, Transport } from '@lobby/net-frame';
import type { ServiceIdentity } from '@lobby/protocol';
import { Pulse, serviceLink, servicePort } from '@lobby/pulse';
import type { ServerPulse } from '@lobby/pulse';

/** A link that can die as that of a process does that was killed. */
export interface MortalLink {
  readonly link: BackLink;
  /** Nobody says farewell, and it does not come back. */
  readonly die: () => void;
}

const SECRET = randomBytes(32);
/** Where the master is. */
const MASTER: Address = { host: 'master', port: 1 };

export class MemoryCluster implements AsyncDisposable {
  readonly #network = new MemoryNetwork({ clock: nodePlatform().clock });
  readonly platform = nodePlatform({ transport: this.#network });
  readonly #owned: Pick<Part, 'stop'>[] = [];

  /** The port of the master; not started. */
  servicePort(identity: ServiceIdentity): ServerPulse {
    const { platform } = this;
    const dialect = servicePort({ identity, secret: SECRET, random: platform.random });
    const port = Pulse.asServer({ name: identity.service, platform, dialect, ...MASTER });
    this.own(port);
    return port;
  }

  /** A link to the master; not started. */
  link(identity: ServiceIdentity): MortalLink {
    const pipes: Pipe[] = [];
    let isDead = false;
    const transport: Transport = {
      listen: (options, accept) => this.#network.listen(options, accept),
      connect: async (options) => {
        if (isDead) return new Promise(() => undefined);
        const pipe = await this.#network.connect(options);
        pipes.push(pipe);
        return pipe;
      },
    };
    const platform = nodePlatform({ transport });
    const dialect = serviceLink({ identity, secret: SECRET, random: platform.random });
    const link = new BackLink({ name: 'master', address: MASTER, platform, dialect });
    this.own(link);
    return {
      link,
      die: () => {
        isDead = true;
        for (const pipe of pipes) pipe.destroy();
        void link.stop();
      },
    };
  }

  /** What is to be stopped with it. */
  own(part: Pick<Part, 'stop'>): void {
    this.#owned.push(part);
  }

  /** Ends all that it owns, the newest first. A process that ends need not wait for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#owned.reverse()) await one.stop();
  }
}
