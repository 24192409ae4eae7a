/**
 * The chats of a room as one member hears them. A room numbers its chats 1, 2, 3 ..., and every member hears
 * them in that order, each once, for as long as it is in the room: so a number that is passed over is a chat
 * that was lost. Pure counting, for one member or for twenty thousand; it knows no room and no connection.
 */

/** What a chat that was heard shows. */
export interface Loss {
  /** Chats before it that never came. */
  readonly lost: number;
  /** 1 where it came twice, or after a later one. */
  readonly disordered: 0 | 1;
}

const NOTHING: Loss = Object.freeze({ lost: 0, disordered: 0 });
const DISORDERED: Loss = Object.freeze({ lost: 0, disordered: 1 });

export class HeardChats {
  #last: number | undefined;
  #first = true;

  /**
   * `after` is the newest chat that it need not hear: all later ones are owed. Left out, it begins with
   * whatever comes first, as for one who comes into a room where others talk.
   */
  constructor(after?: number) {
    this.#last = after;
  }

  /** The newest that it has heard; before the first one, what it need not hear. */
  get last(): number | undefined {
    return this.#last;
  }

  /** A chat came. Chats from before may come first: they were on their way when it came in. */
  heard(id: number): Loss {
    const last = this.#last;
    const first = this.#first;
    this.#first = false;
    if (last === undefined || (first && id <= last)) {
      this.#last = id;
      return NOTHING;
    }
    if (id <= last) return DISORDERED;
    this.#last = id;
    return id === last + 1 ? NOTHING : { lost: id - last - 1, disordered: 0 };
  }

  /** It should have heard every chat up to this one. How many it has not. */
  missing(upTo: number): number {
    return this.#last === undefined ? 0 : Math.max(0, upTo - this.#last);
  }
}
