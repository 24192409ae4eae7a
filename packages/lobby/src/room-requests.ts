/**
 * What users who are logged in ask about rooms: it passes on to room-master, in the name of the login. It
 * takes no user's word for who asks.
 */
import type { BackLink } from '@lobby/discovery';
import { Failure, requireShortRoomText, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { Session, SessionPulse } from '@lobby/pulse';
import type { User, UserTable } from './user-table.ts';

/** The topics that `RoomRequests` answers. */
export const ROOM_REQUESTS = Object.freeze([room.reqCreate, room.reqPage, room.reqReserve, room.reqQuick]);

/** How long a login waits to hear of a seat that the user may still hold. */
const SEAT_DEADLINE_MS = 1_000;

export class RoomRequests {
  readonly #roomMaster: BackLink;
  readonly #users: UserTable;

  constructor(roomMaster: BackLink, users: UserTable) {
    this.#roomMaster = roomMaster;
    this.#users = users;
  }

  /** Answers on the pulse of a login, as long as that lives. */
  answerOn(pulse: SessionPulse): SessionPulse {
    return pulse
      .answer(room.reqCreate, this.#onCreate)
      .answer(room.reqPage, this.#onPage)
      .answer(room.reqReserve, this.#onReserve)
      .answer(room.reqQuick, this.#onQuick);
  }

  /** The way back to a seat that the user still holds. Without room-master there is none, and no failure. */
  async heldSeat({ name, epoch }: User): Promise<ResponseOf<typeof room.reqSeatF2b>> {
    try {
      return await this.#roomMaster.call(
        room.reqSeatF2b,
        { user: name, epoch },
        { deadlineMs: SEAT_DEADLINE_MS },
      );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return {};
    }
  }

  // The same functions for all logins, as closures of each would be memory that every user costs.

  readonly #onCreate = (session: Session, wish: PayloadOf<typeof room.reqCreate>) => {
    requireShortRoomText(wish);
    return this.#roomMaster.call(room.reqCreateF2b, { ...wish, ...this.#asker(session) });
  };

  readonly #onPage = (_: Session, request: PayloadOf<typeof room.reqPage>) =>
    this.#roomMaster.call(room.reqPageF2b, request);

  readonly #onReserve = (session: Session, { roomId }: PayloadOf<typeof room.reqReserve>) =>
    this.#roomMaster.call(room.reqReserveF2b, { roomId, ...this.#asker(session) });

  readonly #onQuick = (session: Session, wish: PayloadOf<typeof room.reqQuick>) => {
    requireShortRoomText(wish);
    return this.#roomMaster.call(room.reqQuickF2b, { ...wish, ...this.#asker(session) });
  };

  /** Who asks. A login and its pulse end in one step, so there is one whenever the pulse is called. */
  #asker(session: Session): { readonly user: string; readonly epoch: number } {
    const user = this.#users.on(session.key);
    if (user === undefined) throw new Failure('unauthenticated', 'log in before you send this');
    return { user: user.name, epoch: user.epoch };
  }
}
