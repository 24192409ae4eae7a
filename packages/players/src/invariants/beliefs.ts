/**
 * I24, the client's half: what the client of each connection must believe after all that it was told. Whether
 * the books agree is for those to judge who have them.
 */
import type { ClientLine } from '../history/line.ts';

export interface Belief {
  readonly login: boolean;
  /** The room that it is in. */
  readonly roomId: string | undefined;
}

export interface BeliefsOptions {
  /**
   * Asking for an end is enough to believe in it no more, whatever the answer: it may have been done all the
   * same.
   */
  readonly doubtsWhatItAsked: boolean;
}

const NOTHING: Belief = Object.freeze({ login: false, roomId: undefined });

export class Beliefs {
  readonly #byLink = new Map<number, Belief>();
  readonly #doubts: boolean;

  constructor({ doubtsWhatItAsked }: BeliefsOptions) {
    this.#doubts = doubtsWhatItAsked;
  }

  /** Of the connections that are not over, and of which anything is believed. */
  get all(): ReadonlyMap<number, Belief> {
    return this.#byLink;
  }

  of(link: number): Belief {
    return this.#byLink.get(link) ?? NOTHING;
  }

  told(line: ClientLine): void {
    const { link } = line;
    const before = this.of(link);
    const after = this.#after(line, before);
    if (after === NOTHING) this.#byLink.delete(link);
    else if (after !== before) this.#byLink.set(link, after);
  }

  #after(line: ClientLine, before: Belief): Belief {
    switch (line.what) {
      case 'ended':
        return NOTHING;
      case 'heard':
        if (line.topic === 'auth.syn_kickout') return NOTHING;
        return line.topic === 'room.syn_close' ? { ...before, roomId: undefined } : before;
      case 'asked':
        return this.#doubts ? this.#less(line.topic, before) : before;
      case 'answered': {
        if (line.reply === undefined) return before;
        if (line.topic === 'auth.req_login') return { ...before, login: true };
        if (line.topic !== 'room.req_checkin') return this.#less(line.topic, before);
        return { ...before, roomId: (line.reply['room'] as { roomId: string }).roomId };
      }
      default:
        return before;
    }
  }

  /**
   * What is believed after a request of that topic was done. Who has logged out is told that it left its
   * room, sooner or later.
   */
  #less(topic: string, before: Belief): Belief {
    if (topic === 'auth.req_logout') return this.#doubts ? NOTHING : { ...before, login: false };
    return topic === 'room.req_leave' ? { ...before, roomId: undefined } : before;
  }
}
