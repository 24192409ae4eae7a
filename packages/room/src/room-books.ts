/**
 * Which room is where, and who has a seat: room-master's books, written from what the room-runners report and
 * from nothing else. Pure state; it sends nothing.
 *
 * Invariants: what a front reported is gone with the front; a user has at most one seat here, and of two that
 * are reported the newer stays.
 */
import type { Front } from '@lobby/discovery';
import { userKey } from '@lobby/protocol';
import type { PayloadOf, room as topics } from '@lobby/protocol';
import { RoomList } from './room-list.ts';
import type { RoomRecord } from './room.ts';
import type { Books } from './room-ledger.ts';

export type SeatRecord = PayloadOf<typeof topics.synChangesF2b>['seats'][number];

export interface RoomEntry {
  record: RoomRecord;
  readonly front: Front;
}

export interface SeatEntry {
  readonly record: SeatRecord;
  readonly front: Front;
}

/** What a front carries. */
export interface Load {
  readonly rooms: number;
  readonly seats: number;
}

const NO_LOAD: Load = Object.freeze({ rooms: 0, seats: 0 });

/** What one front has reported and not taken back. */
class Held {
  readonly rooms = new Set<RoomEntry>();
  /** By user key. */
  readonly seats = new Map<string, SeatEntry>();
  /** Seats of its rooms, taken or reserved, as the rooms say. */
  seatsOfRooms = 0;
}

export class RoomBooks {
  /** The rooms that are listed: all but the private ones. */
  readonly list = new RoomList<RoomEntry>({
    isTaking: ({ front }) => !front.up.draining,
  });
  readonly #rooms = new Map<string, RoomEntry>();
  readonly #seats = new Map<string, SeatEntry>();
  readonly #byFront = new Map<Front, Held>();
  readonly #arrived: (record: RoomRecord) => void;
  readonly #seated: (seat: SeatEntry) => void;
  readonly #loser: (seat: SeatEntry) => void;

  /**
   * `arrived` is told of every room that is new here, `seated` of every seat that is, `loser` of a seat that
   * another one of the same user supersedes.
   */
  constructor(listeners: {
    readonly arrived: (record: RoomRecord) => void;
    readonly seated: (seat: SeatEntry) => void;
    readonly loser: (seat: SeatEntry) => void;
  }) {
    this.#arrived = listeners.arrived;
    this.#seated = listeners.seated;
    this.#loser = listeners.loser;
  }

  get rooms(): ReadonlyMap<string, RoomEntry> {
    return this.#rooms;
  }

  /** Seats taken or reserved, by user key. */
  get seats(): ReadonlyMap<string, SeatEntry> {
    return this.#seats;
  }

  seatOf(user: string): SeatEntry | undefined {
    return this.#seats.get(userKey(user));
  }

  /** Rooms and seats that a front holds. */
  loadOf(front: Front): Load {
    const held = this.#byFront.get(front);
    return held === undefined ? NO_LOAD : { rooms: held.rooms.size, seats: held.seatsOfRooms };
  }

  /** A front reports. Each thing that it names is now as it says. */
  apply(front: Front, { rooms, closed, seats }: Books): void {
    for (const record of rooms) this.#putRoom(record, front);
    for (const roomId of closed) this.#deleteRoom(roomId, front);
    for (const record of seats) {
      if (record.held) this.#putSeat({ record, front });
      else this.#deleteSeat(record);
    }
  }

  /** The rooms that a front holds. */
  roomsOf(front: Front): Iterable<RoomEntry> {
    return this.#byFront.get(front)?.rooms ?? [];
  }

  /** A front is gone, and with it all that it held. What others hold is not looked at. */
  removeFront(front: Front): void {
    const held = this.#byFront.get(front);
    if (held === undefined) return;
    for (const { record } of [...held.rooms]) this.#deleteRoom(record.roomId, front);
    for (const [key, seat] of held.seats) if (this.#seats.get(key) === seat) this.#seats.delete(key);
    this.#byFront.delete(front);
  }

  #heldBy(front: Front): Held {
    let held = this.#byFront.get(front);
    if (held === undefined) this.#byFront.set(front, (held = new Held()));
    return held;
  }

  #putRoom(record: RoomRecord, front: Front): void {
    const present = this.#rooms.get(record.roomId);
    if (present?.front === front) {
      this.#heldBy(front).seatsOfRooms += record.held - present.record.held;
      this.#update(present, record);
      return;
    }
    if (present !== undefined) this.#deleteRoom(record.roomId, present.front);
    const entry = { record, front };
    this.#rooms.set(record.roomId, entry);
    const held = this.#heldBy(front);
    held.rooms.add(entry);
    held.seatsOfRooms += record.held;
    if (!record.private) this.list.put(entry);
    this.#arrived(record);
  }

  #update(entry: RoomEntry, record: RoomRecord): void {
    entry.record = record;
    if (record.private) this.list.delete(entry);
    else this.list.put(entry);
  }

  #deleteRoom(roomId: string, front: Front): void {
    const entry = this.#rooms.get(roomId);
    if (entry?.front !== front) return;
    this.#rooms.delete(roomId);
    const held = this.#heldBy(front);
    held.rooms.delete(entry);
    held.seatsOfRooms -= entry.record.held;
    this.list.delete(entry);
  }

  #putSeat(seat: SeatEntry): void {
    const key = userKey(seat.record.user);
    const present = this.#seats.get(key);
    const other = present !== undefined && present.record.roomId !== seat.record.roomId ? present : undefined;
    if (other !== undefined && isNewer(other.record, seat.record)) return this.#loser(seat);
    if (present !== undefined) this.#byFront.get(present.front)?.seats.delete(key);
    this.#seats.set(key, seat);
    this.#heldBy(seat.front).seats.set(key, seat);
    if (other !== undefined) this.#loser(other);
    if (other !== undefined || present?.front !== seat.front) this.#seated(seat);
  }

  #deleteSeat({ user, roomId }: SeatRecord): void {
    const key = userKey(user);
    const seat = this.#seats.get(key);
    if (seat?.record.roomId !== roomId) return;
    this.#seats.delete(key);
    this.#byFront.get(seat.front)?.seats.delete(key);
  }
}

/**
 * The newer login first: it stays whatever an older one has been given since. Within one login the newer
 * grant.
 */
function isNewer(a: SeatRecord, b: SeatRecord): boolean {
  return a.epoch === b.epoch ? a.grant > b.grant : a.epoch > b.epoch;
}
