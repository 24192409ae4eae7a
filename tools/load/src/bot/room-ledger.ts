/**
 * What the bots of a process know of one room's chat, and what each member has heard of it: enough to tell
 * whether anything was lost. It knows no connection; what a gap is, `HeardChats` says.
 *
 * A member has lost something where a number is passed over, where a chat that was acknowledged does not
 * come, or where, in a room whose every chat is known here, the first one that it hears is later than one
 * that was sent after it had come in.
 */
import { HeardChats } from '@lobby/players';
import type { Loss } from '@lobby/players';

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

export class Membership {
  readonly room: RoomLedger;
  readonly #chats: HeardChats;

  /** Made when the check-in is answered. */
  constructor(room: RoomLedger) {
    this.room = room;
    this.#chats = new HeardChats(room.whole ? room.sent : undefined);
    room.members += 1;
  }

  /** A chat came. */
  delivered(id: number): Loss {
    return this.#chats.heard(id);
  }

  /** It should have heard every chat up to this number. Returns how many it has not. */
  missing(upTo: number): number {
    return this.#chats.missing(upTo);
  }
}
