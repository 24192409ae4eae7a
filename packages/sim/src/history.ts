/**
 * What clients did and were told, in the order in which the bytes said it, as the lines that all tools share. Bots tell it, invariants
 * listen. It judges nothing. Which connection of the simulated world a line is of, it knows too, for those who look behind the lines.
 */
import type { ClientLine, Untimed } from '@lobby/players';
import type { BotConnection } from './bots/bot-connection.ts';

export class History {
  readonly #now: () => number;
  readonly #listeners: ((line: ClientLine) => void)[] = [];
  readonly #connections: BotConnection[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A client has a connection more. Returns its number in this history. */
  add(connection: BotConnection): number {
    return this.#connections.push(connection) - 1;
  }

  /** The connection that a line is of. */
  connection(link: number): BotConnection {
    return this.#connections[link] as BotConnection;
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
