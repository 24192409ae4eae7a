// What bots know of the world: which processes there are and through which ports to reach them, who gives them tokens, and what they
// have heard of each other.

import type { Address } from '@lobby/net-frame';
import type { Seat } from '@lobby/protocol';

/** A process that clients connect to. */
export interface Door {
  readonly node: string;
  /** Where its port is for a client: at our proxy. */
  readonly address: Address;
  /** Its own port, which seats name. */
  readonly port: number;
}

export interface Town {
  /** Those that take logins. */
  readonly lobbies: readonly Door[];
  /** Those that hold rooms. */
  readonly rooms: readonly Door[];
  readonly tokenOf: (name: string) => Promise<string>;
  readonly talk: TownTalk;
}

/** The door that a seat leads to; `undefined` where it names none. */
export function doorOf(town: Town, seat: Seat): Door | undefined {
  return town.rooms.find(({ port }) => port === seat.port);
}

const MOST_HEARD = 60;

/** What bots have heard of each other, the newest of it; each may be out of date. */
export class TownTalk {
  readonly rooms: string[] = [];

  hearsOfRoom(roomId: string): void {
    if (this.rooms.includes(roomId)) return;
    this.rooms.push(roomId);
    if (this.rooms.length > MOST_HEARD) this.rooms.shift();
  }
}
