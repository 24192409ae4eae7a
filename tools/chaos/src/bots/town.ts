/**
 * What bots know of the world: which processes there are and through which ports to reach them, who gives
 * them tokens, and what they have heard of each other.
 */

import type { Address } from '@lobby/net-frame';
import type { TownTalk } from '@lobby/players';

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

/** A door's address as a seat names it. */
export function ownAddress({ address: { host }, port }: Door): Address {
  return { host, port };
}

/** The door that an address leads to, as seats name it; `undefined` where there is none. */
export function doorOf({ lobbies, rooms }: Town, { port }: Address): Door | undefined {
  return [...rooms, ...lobbies].find((door) => door.port === port);
}
