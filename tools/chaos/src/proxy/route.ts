/**
 * A way from somebody to a process, through a port of our own: every connection to the port becomes one to
 * the target. Faults are laid on all of it or on single connections. A small TCP proxy; it knows no frame and
 * no topic.
 *
 *     open() ──▶ listening ── impose, lift ... ── dispose ──▶ closed, every connection reset
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Address } from '@lobby/net-frame';
import type { LinkFault } from './link-fault.ts';
import { Relay } from './relay.ts';

const HOST = '127.0.0.1';

export class Route implements AsyncDisposable {
  /** Such as `bots → app-front` or `app-front → lobby-master`. */
  readonly name: string;
  /** Where to connect to instead of the target. */
  readonly address: Address;
  readonly #server: Server;
  readonly #relays = new Set<Relay>();
  #target: Address | undefined;
  #fault: LinkFault | undefined;

  private constructor(name: string, server: Server) {
    this.name = name;
    this.#server = server.on('connection', (near: Socket) => this.#accept(near));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error(`${name} is not bound to a port`);
    this.address = Object.freeze({ host: HOST, port: bound.port });
  }

  /** Resolves when the port is bound; a connection that comes before `leadTo` is reset. */
  static async open(name: string): Promise<Route> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host: HOST, port: 0, backlog: 4_096 }, resolve);
    });
    return new Route(name, server);
  }

  /** Connections from now on go there. */
  leadTo(target: Address): void {
    this.#target = target;
  }

  /** The connections that there are, oldest first. */
  get relays(): readonly Relay[] {
    return [...this.#relays];
  }

  /**
   * From now on every connection suffers from this, those too that are made later. A fault before it is over.
   */
  impose(fault: LinkFault): void {
    this.#fault = fault;
    for (const relay of this.relays) relay.changed();
  }

  /**
   * All is well from now on; connections that lost bytes are reset. Faults of single connections end, too.
   */
  lift(): void {
    this.#fault = undefined;
    for (const relay of this.relays) relay.impose(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const relay of this.relays) relay.reset();
    await closed;
  }

  #accept(near: Socket): void {
    const target = this.#target;
    if (target === undefined || this.#fault?.kind === 'reset') {
      near.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const relay: Relay = new Relay({
      near,
      target,
      routeFault: () => this.#fault,
      over: () => void this.#relays.delete(relay),
    });
    this.#relays.add(relay);
  }
}
