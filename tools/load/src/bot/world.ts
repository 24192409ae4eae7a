/** What all bots of a process share: where the fronts are, how users prove who they are, what is counted, and whether it is over. */
import type { TokenIssuer } from '@lobby/accounts';
import type { Address } from '@lobby/net-frame';
import { Tally, count } from '../figures/tally.ts';
import { LinkKeeper } from './link-keeper.ts';
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
  readonly keeper = new LinkKeeper();
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

  /** The address for the next connection. */
  nextAddress(): string | undefined {
    this.#connections += 1;
    return this.#addresses[this.#connections % this.#addresses.length];
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
}
