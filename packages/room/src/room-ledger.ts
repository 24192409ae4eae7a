/**
 * What room-master has yet to be told. It notes which rooms and seats have changed and tells, once a turn,
 * how they are then; so whatever happens in between, the last word is the truth.
 */
import { inPages } from '@lobby/discovery';
import type { PayloadOf, room as topics } from '@lobby/protocol';
import type { Room } from './room.ts';
import type { Seat } from './seat.ts';

export type Books = PayloadOf<typeof topics.synChangesF2b>;

/** Rooms and seats of which something is to be said. */
interface Changed {
  readonly rooms: readonly Room[];
  readonly seats: readonly Seat[];
}

export class RoomLedger {
  readonly #rooms = new Map<string, Room>();
  readonly #seats = new Map<string, Seat>();
  readonly #endOfTurn: (task: () => void) => void;
  readonly #tell: (books: Books) => void;

  constructor(options: {
    readonly endOfTurn: (task: () => void) => void;
    readonly tell: (books: Books) => void;
  }) {
    this.#endOfTurn = options.endOfTurn;
    this.#tell = options.tell;
  }

  /** The room has changed: it is new, closed, or fuller or emptier. */
  changed(room: Room, seat?: Seat): void {
    if (this.#rooms.size === 0) this.#endOfTurn(() => this.flush());
    this.#rooms.set(room.roomId, room);
    if (seat !== undefined) this.#seats.set(`${room.roomId} ${seat.key}`, seat);
  }

  /** Tells now. An answer that rests on a change is sent after it. */
  flush(): void {
    if (this.#rooms.size === 0) return;
    const changed = { rooms: [...this.#rooms.values()], seats: [...this.#seats.values()] };
    this.#rooms.clear();
    this.#seats.clear();
    for (const { page } of inPages(changed, { describe: booksOf })) this.#tell(page);
  }
}

/** How these rooms and seats are now. */
export function booksOf({ rooms, seats }: Changed): Books {
  return {
    rooms: rooms.filter((room) => !room.closed).map((room) => room.record),
    closed: rooms.filter((room) => room.closed).map((room) => room.roomId),
    seats: seats.map((seat) => {
      const { room, user, epoch, grant, key, request } = seat;
      const told = { user, epoch, grant, roomId: room.roomId };
      if (room.closed || room.seatOf(key) === undefined)
        return { ...told, held: false, ...(seat.unused ? { unused: true } : {}) };
      const entered = seat.state === 'entered' ? { entered: true } : {};
      return { ...told, held: true, ...entered, ...(request ? { request } : {}) };
    }),
  };
}
