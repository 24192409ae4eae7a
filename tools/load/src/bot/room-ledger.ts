/**
 * What the bots of a process know of one room's chat, and what each member has seen of it: enough to tell whether anything was lost.
 * Pure counting; it knows no connection.
 *
 * A room numbers its chats 1, 2, 3 ... and every member sees them in that order. So a member has lost something where a number is
 * passed over, where a chat that was acknowledged does not come, or where, in a room whose every chat is known here, the first one
 * that it sees is later than one that was sent after it had come in.
 */
export class RoomLedger {
  readonly roomId: string;
  /** Nobody but the bots of this process is in the room, from its first chat on. */
  readonly whole: boolean;
  /** Chats that were asked for. */
  sent = 0;
  /** The highest number that was acknowledged. */
  acknowledged = 0;
  members = 0;

  constructor(roomId: string, { whole }: { readonly whole: boolean }) {
    this.roomId = roomId;
    this.whole = whole;
  }
}

/** What a delivery, or the end of a membership, showed. */
export interface Loss {
  readonly lost: number;
  readonly disordered: number;
}

const NOTHING: Loss = Object.freeze({ lost: 0, disordered: 0 });

export class Membership {
  readonly room: RoomLedger;
  /** The number of the newest chat that it saw; before the first one, of the last that it need not see. */
  #seen: number | undefined;
  #first = true;

  /** Made when the check-in is answered. */
  constructor(room: RoomLedger) {
    this.room = room;
    this.#seen = room.whole ? room.sent : undefined;
    room.members += 1;
  }

  /** A chat came. */
  delivered(id: number): Loss {
    const seen = this.#seen;
    const first = this.#first;
    this.#first = false;
    if (seen === undefined || (first && id <= seen)) {
      this.#seen = id;
      return NOTHING;
    }
    if (id <= seen) return { lost: 0, disordered: 1 };
    this.#seen = id;
    return id === seen + 1 ? NOTHING : { lost: id - seen - 1, disordered: 0 };
  }

  /** It should have seen every chat up to this number. Returns how many it has not. */
  missing(upTo: number): number {
    return this.#seen === undefined ? 0 : Math.max(0, upTo - this.#seen);
  }
}
