/**
 * What room-master has yet to be told. It notes which rooms and seats have changed and tells, once a turn, how they are then;
 * so whatever happens in between, the last word is the truth.
 */
import type { PayloadOf, room } from '@lobby/protocol';
import type { Room } from './room.ts';
import type { Seat } from './seat.ts';

export type Books = PayloadOf<typeof room.synChangesF2b>;

/** Rooms, or seats, of one message at most. */
const PAGE = 500;

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
    const rooms = [...this.#rooms.values()];
    const seats = [...this.#seats.values()];
    this.#rooms.clear();
    this.#seats.clear();
    for (const page of pages(rooms, seats)) this.#tell(page);
  }
}

/**
 * Takes these rooms and seats away, page by page, and says of each how it is at the moment at which its page is asked for. At
 * least one page; the one after which the lists are empty is the last.
 */
export function* pages(rooms: Room[], seats: Seat[]): IterableIterator<Books> {
  do {
    const some = rooms.splice(0, PAGE);
    yield {
      rooms: some.filter((room) => !room.closed).map((room) => room.record),
      closed: some.filter((room) => room.closed).map((room) => room.roomId),
      seats: seats.splice(0, PAGE).map(({ room, user, epoch, grant, key }) => {
        const held = !room.closed && room.seatOf(key) !== undefined;
        return { user, epoch, grant, roomId: room.roomId, held };
      }),
    };
  } while (rooms.length + seats.length > 0);
}
