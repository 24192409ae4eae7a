/**
 * A history for the tests of invariants: lines are told to a fold one after the other, each a millisecond
 * after the one before it.
 */
import type { ClientLine, Fields, Finding, Fold, Untimed, Weather } from '../src/index.ts';

export const FAIR: Weather = { isQuiet: () => true };
export const FOUL: Weather = { isQuiet: () => false };

export const ROOM = { roomId: 'tea', title: 'tea', capacity: 2, users: 1 };

export class Told {
  readonly found: Finding[] = [];
  readonly #fold: Fold;
  readonly #seqs = new Map<number, number>();
  #at = 0;

  constructor(fold: Fold) {
    this.#fold = fold;
  }

  /** What was found, in words. */
  get words(): string[] {
    return this.found.map(({ words }) => words);
  }

  line(line: Untimed<ClientLine>): this {
    const found = this.#fold.told({ at: (this.#at += 1), ...line });
    if (found !== undefined) this.found.push(found);
    return this;
  }

  asks(bot: string, link: number, { topic, request = {} }: { topic: string; request?: Fields }): this {
    const seq = (this.#seqs.get(link) ?? 0) + 1;
    this.#seqs.set(link, seq);
    return this.line({ what: 'asked', bot, link, seq, topic, request });
  }

  /** The answer to what was asked last on the connection. */
  answers(bot: string, link: number, answer: { topic: string; reply?: Fields; failure?: string }): this {
    return this.line({ what: 'answered', bot, link, seq: this.#seqs.get(link) ?? 0, ...answer });
  }

  does(bot: string, link: number, done: { topic: string; request?: Fields; reply?: Fields }): this {
    const { topic, reply = {} } = done;
    return this.asks(bot, link, done).answers(bot, link, { topic, reply });
  }

  hears(bot: string, link: number, { topic, payload }: { topic: string; payload: Fields }): this {
    return this.line({ what: 'heard', bot, link, topic, payload });
  }

  enters(
    bot: string,
    link: number,
    { ticket = 't', users = [bot] }: { ticket?: string; users?: string[] } = {},
  ): this {
    const reply = { room: { ...ROOM, users: users.length }, users };
    return this.does(bot, link, { topic: 'room.req_checkin', request: { ticket }, reply });
  }

  hearsChat(bot: string, link: number, { id, text }: { id: number; text: string }): this {
    const from = text.split(' ')[0] as string;
    return this.hears(bot, link, { topic: 'room.syn_chat', payload: { id, from, text, at: 1 } });
  }

  ends(bot: string, link: number, code = 'client_closed'): this {
    return this.line({ what: 'ended', bot, link, code });
  }
}
