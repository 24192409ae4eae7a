/**
 * What all bots of a process share: where the fronts are, how users prove who they are, what is counted, and
 * whether it is over.
 */
import type { TokenIssuer } from '@lobby/accounts';
import { toolTransport } from '@lobby/cluster';
import { nodePlatform } from '@lobby/net-frame';
import type { Address, Transport } from '@lobby/net-frame';
import { LinkKeeper } from '@lobby/players';
import { Tally, count } from '../figures/tally.ts';
import { RoomLedger } from './room-ledger.ts';

export interface WorldOptions {
  readonly fronts: readonly Address[];
  /** The addresses to connect from; empty for the system's choice. */
  readonly addresses: readonly string[];
  readonly tokens: TokenIssuer;
}

export class World {
  readonly fronts: readonly Address[];
  readonly tally = new Tally();
  readonly keeper = new LinkKeeper(nodePlatform().clock);
  /** Each connection comes from the next of the addresses. */
  readonly transport: Transport = toolTransport({ from: () => this.#nextAddress() });
  /** The run is over: what ends or fails from now on is nobody's loss. */
  over = false;
  readonly #addresses: readonly string[];
  readonly #tokens: TokenIssuer;
  readonly #rooms = new Map<string, RoomLedger>();
  #connections = 0;

  constructor({ fronts, addresses, tokens }: WorldOptions) {
    this.fronts = fronts;
    this.#addresses = addresses;
    this.#tokens = tokens;
  }

  tokenOf(name: string): Promise<string> {
    return this.#tokens.issue({ name });
  }

  /** What is known here of a room; `whole` counts for one that is not known yet. */
  roomOf(roomId: string, { whole = false }: { readonly whole?: boolean } = {}): RoomLedger {
    let room = this.#rooms.get(roomId);
    if (room === undefined) this.#rooms.set(roomId, (room = new RoomLedger(roomId, { whole })));
    return room;
  }

  /** Nobody here is in it any more: what was known of a room that others use too is forgotten. */
  vacated(room: RoomLedger): void {
    if (room.members === 0 && !room.whole) this.#rooms.delete(room.roomId);
  }

  disconnected(code: string): void {
    if (!this.over) count(this.tally.disconnects, code);
  }

  failed(what: string): void {
    if (!this.over) count(this.tally.failures, what);
  }

  #nextAddress(): string | undefined {
    this.#connections += 1;
    return this.#addresses[this.#connections % this.#addresses.length];
  }
}
