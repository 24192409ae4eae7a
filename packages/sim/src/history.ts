/**
 * What clients did and were told, in the order in which the bytes said it. Bots write it, invariants listen. It judges nothing.
 */
import type { CallTopic, Topic } from '@lobby/protocol';
import type { BotConnection } from './bots/bot-connection.ts';

/** A call was sent on a connection. */
export interface Asked {
  readonly kind: 'asked';
  readonly connection: BotConnection;
  readonly topic: CallTopic;
  readonly request: Readonly<Record<string, unknown>>;
  readonly seq: number;
  readonly atMs: number;
}

/** The answer to it: `reply`, or the failure's code. */
export interface Answered {
  readonly kind: 'answered';
  readonly asked: Asked;
  readonly connection: BotConnection;
  readonly reply: Readonly<Record<string, unknown>> | undefined;
  readonly failure: string | undefined;
  /** A failure of which nobody knows whether it was done all the same. */
  readonly mayHaveRun: boolean;
}

/** A message came. */
export interface Heard {
  readonly kind: 'heard';
  readonly connection: BotConnection;
  readonly topic: Topic;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An answer came to something that was not asked, or was answered before. */
export interface Unasked {
  readonly kind: 'unasked';
  readonly connection: BotConnection;
  readonly topicNumber: number;
  readonly seq: number;
}

/** The connection is over, as the client sees it. */
export interface Ended {
  readonly kind: 'ended';
  readonly connection: BotConnection;
  readonly code: string;
}

export type Told = Asked | Answered | Heard | Unasked | Ended;

export class History {
  readonly #listeners: ((told: Told) => void)[] = [];

  /** `listener` is told everything from now on. */
  follow(listener: (told: Told) => void): void {
    this.#listeners.push(listener);
  }

  tell(told: Told): void {
    for (const listener of this.#listeners) listener(told);
  }
}
