/**
 * What users who are logged in ask about rooms: it passes on to room-master, in the name of the login. It
 * takes no user's word for who asks.
 */
import type { BackLink } from '@lobby/discovery';
import { Failure, requireShortRoomText, room } from '@lobby/protocol';
import type { ResponseOf } from '@lobby/protocol';
import type { ServerPulse, Session } from '@lobby/pulse';
import type { User, UserTable } from './user-table.ts';

/** How long a login waits to hear of a seat that the user may still hold. */
const SEAT_DEADLINE_MS = 1_000;

export class RoomRequests {
  readonly #roomMaster: BackLink;
  readonly #users: UserTable;

  constructor(roomMaster: BackLink, users: UserTable) {
    this.#roomMaster = roomMaster;
    this.#users = users;
  }

  /** Answers whoever is logged in at this port. */
  answerOn(front: ServerPulse): void {
    const master = this.#roomMaster;
    front
      .answer(room.reqCreate, (session, wish) => {
        requireShortRoomText(wish);
        return master.call(room.reqCreateF2b, { ...wish, ...this.#asker(session) });
      })
      .answer(room.reqPage, (_, request) => master.call(room.reqPageF2b, request))
      .answer(room.reqReserve, (session, { roomId }) =>
        master.call(room.reqReserveF2b, { roomId, ...this.#asker(session) }),
      )
      .answer(room.reqQuick, (session, wish) => {
        requireShortRoomText(wish);
        return master.call(room.reqQuickF2b, { ...wish, ...this.#asker(session) });
      });
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

  /** Who asks: whoever is logged in there now. */
  #asker(session: Session): { readonly user: string; readonly epoch: number } {
    const user = this.#users.on(session.key);
    if (user === undefined) throw new Failure('unauthenticated', 'log in before you send this');
    return { user: user.name, epoch: user.epoch };
  }
}
