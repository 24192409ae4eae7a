/**
 * One connection through the proxy: whoever connected on the near side, the target on the far side, a lane
 * for each way. Ends and resets of one side are told to the other, unless a fault swallows them.
 *
 *     made ──▶ passing ── end, reset, fault ──▶ over
 *
 * Invariant: a connection that has lost bytes never carries others after them: it is reset when the fault is
 * lifted.
 */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import type { Address } from '@lobby/net-frame';
import { Lane } from './lane.ts';
import type { LinkFault } from './link-fault.ts';

export interface RelayOptions {
  readonly near: Socket;
  readonly target: Address;
  /** The fault of the whole route; one of this connection alone comes before it. */
  readonly routeFault: () => LinkFault | undefined;
  readonly over: () => void;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #up: Lane;
  readonly #down: Lane;
  #own: LinkFault | undefined;
  #spoiled = false;
  #open = 2;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { near, target } = options;
    this.#near = near;
    this.#far = createConnection({ ...target, allowHalfOpen: true, noDelay: true });
    const common = {
      fault: () => this.#fault,
      spoiled: () => void (this.#spoiled = true),
      cut: () => this.reset(),
    };
    this.#up = new Lane({ ...common, source: near, sink: this.#far, way: 'up' });
    this.#down = new Lane({ ...common, source: this.#far, sink: near, way: 'down' });
    this.#heed(near, this.#far, this.#up);
    this.#heed(this.#far, near, this.#down);
    this.changed();
  }

  /** A fault of this connection alone, or none. */
  impose(fault: LinkFault | undefined): void {
    this.#own = fault;
    this.changed();
  }

  /** The fault that holds has changed. */
  changed(): void {
    const isHealed = this.#spoiled && !this.#up.swallows && !this.#down.swallows;
    if (isHealed || this.#fault?.kind === 'reset') return this.reset();
    this.#up.changed();
    this.#down.changed();
  }

  /** Both sides see the connection end at once. */
  reset(): void {
    this.#up.stop();
    this.#down.stop();
    for (const socket of [this.#near, this.#far]) socket.resetAndDestroy();
  }

  get #fault(): LinkFault | undefined {
    return this.#own ?? this.#options.routeFault();
  }

  /** What happens to the other side when this one closes. */
  #heed(socket: Socket, other: Socket, lane: Lane): void {
    let hasEnded = false;
    socket
      .on('end', () => (hasEnded = true))
      .on('error', () => undefined)
      .on('close', (hadError) => {
        this.#open -= 1;
        if (this.#open === 0) return this.#over();
        if (lane.swallows) this.#spoiled = true;
        else if (hadError || !hasEnded) other.resetAndDestroy();
      });
  }

  #over(): void {
    this.#up.stop();
    this.#down.stop();
    this.#options.over();
  }
}
