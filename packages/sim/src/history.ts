/**
 * What clients did and were told, in the order in which the bytes said it, as the lines that all tools share.
 * Bots tell it, invariants listen. It judges nothing. Which connection of the simulated world a line is of,
 * it knows too, for those who look behind the lines.
 */
import type { ClientLine, Untimed } from '@lobby/players';
import type { Address } from '@lobby/net-frame';
import type { SimProcess } from './sim-process.ts';

/** A connection of a client, for those who look behind the lines. */
export interface ClientSide {
  /** Where the client runs. */
  readonly process: SimProcess;
  /** The front that it leads to. */
  readonly address: Address;
  /** Which process of the front it leads to. */
  readonly boot: string | undefined;
  /** The number that the front gave this session. */
  readonly remoteKey: number | undefined;
  /** Nothing is under way on it, and both ends hold it. */
  readonly isQuiet: boolean;
  /** The code with which the front has ended it; `undefined` where it has not. */
  readonly cutAs: string | undefined;
}

export class History {
  readonly #now: () => number;
  readonly #listeners: ((line: ClientLine) => void)[] = [];
  readonly #connections: ClientSide[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A client has a connection more. Returns its number in this history. */
  add(connection: ClientSide): number {
    return this.#connections.push(connection) - 1;
  }

  /** The connection that a line is of. */
  connection(link: number): ClientSide {
    return this.#connections[link] as ClientSide;
  }

  /** `listener` hears every line from now on. */
  follow(listener: (line: ClientLine) => void): void {
    this.#listeners.push(listener);
  }

  tell(told: Untimed<ClientLine>): void {
    const line: ClientLine = { at: this.#now(), ...told };
    for (const listener of this.#listeners) listener(line);
  }
}
