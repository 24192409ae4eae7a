/**
 * Which room is where, and who has a seat: room-master's books, written from what the room-runners report and
 * from nothing else. Pure state; it sends nothing.
 *
 * Invariants: what a front reported is gone with the front, in one step, though its memory is given back
 * later; a user has at most one seat here, and of two that are reported the newer stays.
 */
import { Holdings } from '@lobby/discovery';
import type { Front, HoldingsView } from '@lobby/discovery';
import { userKey } from '@lobby/protocol';
import type { PayloadOf, room as topics } from '@lobby/protocol';
import { EmptyRooms } from './empty-rooms.ts';
import { RoomList } from './room-list.ts';
import type { RoomRecord } from './room.ts';
import type { Books } from './room-ledger.ts';

export type SeatRecord = PayloadOf<typeof topics.synChangesF2b>['seats'][number];

export interface RoomEntry {
  record: RoomRecord;
  readonly front: Front;
  /** The list's own. */
  card?: unknown;
  /** The own of `EmptyRooms`. */
  empty?: unknown;
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

export class RoomBooks {
  /** The rooms that are listed: all but the private ones. */
  readonly list = new RoomList<RoomEntry>({
    isTaking: ({ front }) => !front.up.draining,
  });
  readonly #empty = new EmptyRooms<RoomEntry>();
  readonly #rooms = new Holdings<RoomEntry>((entry) => this.#unlist(entry));
  /** By user key. */
  readonly #seats = new Holdings<SeatEntry>((seat) => this.#lost(seat));
  /** Seats of a front's rooms, taken or reserved, as the rooms say. */
  readonly #seatsOfRooms = new Map<Front, number>();
  readonly #arrived: (entry: RoomEntry) => void;
  readonly #closed: (record: RoomRecord) => void;
  readonly #seated: (seat: SeatEntry) => void;
  readonly #loser: (seat: SeatEntry) => void;
  readonly #lost: (seat: SeatEntry) => void;
  readonly #came: (user: string) => void;
  readonly #unused: (user: string) => void;

  /**
   * `arrived` is told of every room that is new here, `closed` of every room that its front has closed,
   * `seated` of every seat that is new here, `loser` of a seat that another one of the same user supersedes,
   * `lost` of a seat of a front that is gone, when it is cleared away; `came` of a user who is checked in,
   * `unused` of one whose seat is free again without that, although it was reserved for long.
   */
  constructor(listeners: {
    readonly arrived: (entry: RoomEntry) => void;
    readonly closed: (record: RoomRecord) => void;
    readonly seated: (seat: SeatEntry) => void;
    readonly loser: (seat: SeatEntry) => void;
    readonly lost: (seat: SeatEntry) => void;
    readonly came: (user: string) => void;
    readonly unused: (user: string) => void;
  }) {
    this.#arrived = listeners.arrived;
    this.#closed = listeners.closed;
    this.#seated = listeners.seated;
    this.#loser = listeners.loser;
    this.#lost = listeners.lost;
    this.#came = listeners.came;
    this.#unused = listeners.unused;
  }

  get rooms(): HoldingsView<RoomEntry> {
    return this.#rooms;
  }

  /** Seats taken or reserved, by user key. */
  get seats(): HoldingsView<SeatEntry> {
    return this.#seats;
  }

  seatOf(user: string): SeatEntry | undefined {
    return this.#seats.get(userKey(user));
  }

  /** The seat that the user held on a front that is gone, until it is cleared away. */
  lostSeatOf(user: string): SeatEntry | undefined {
    return this.#seats.dead(userKey(user));
  }

  /** The rooms that this user created and in which nobody holds a seat, the oldest first. */
  emptyRoomsOf(user: string): IteratorObject<RoomEntry, undefined> {
    return this.#empty.of(user).filter((entry) => this.#rooms.get(entry.record.roomId) === entry);
  }

  /** Rooms and seats that a front holds. */
  loadOf(front: Front): Load {
    return { rooms: this.#rooms.countOf(front), seats: this.#seatsOfRooms.get(front) ?? 0 };
  }

  /** Rooms that this front tells of, or of seats in them, although another front holds them: by their ids. */
  foreignRooms(front: Front, { rooms, closed, seats }: Books): ReadonlyMap<string, Front> | undefined {
    let foreign: Map<string, Front> | undefined;
    const look = (roomId: string): void => {
      const holder = this.#rooms.get(roomId)?.front;
      if (holder !== undefined && holder !== front) (foreign ??= new Map()).set(roomId, holder);
    };
    for (const { roomId } of rooms) look(roomId);
    for (const { roomId } of seats) look(roomId);
    for (const roomId of closed) look(roomId);
    return foreign;
  }

  /** A front reports. Each thing that it names is now as it says. */
  apply(front: Front, { rooms, closed, seats }: Books): void {
    for (const record of seats) this.#askedFor(record);
    for (const record of rooms) this.#putRoom(record, front);
    for (const roomId of closed) this.#deleteRoom(roomId, front);
    for (const record of seats) {
      if (record.held) this.#putSeat({ record, front });
      else this.#deleteSeat({ record, front });
    }
  }

  /** The front is gone, and with it all that it held. Returns what is left to be done of it. */
  removeFront(front: Front): Iterable<unknown> {
    this.#seatsOfRooms.delete(front);
    this.list.removeFront(front);
    const left = [this.#rooms.removeFront(front), this.#seats.removeFront(front)];
    return left.values().flatMap((some) => some);
  }

  /** A seat that is told of counts with its room, and is not asked for any more. */
  #askedFor({ user, roomId, held }: SeatRecord): void {
    const entry = held ? this.#rooms.get(roomId) : undefined;
    if (entry !== undefined) this.list.told(entry, user);
  }

  #putRoom(record: RoomRecord, front: Front): void {
    const present = this.#rooms.get(record.roomId);
    if (present?.front === front) {
      this.#countSeats(front, record.held - present.record.held);
      present.record = record;
      this.#list(present);
      return;
    }
    if (present !== undefined) this.#removeRoom(present);
    const entry = { record, front, card: undefined, empty: undefined };
    this.#rooms.set(record.roomId, entry);
    this.#countSeats(front, record.held);
    this.#list(entry);
    this.#arrived(entry);
  }

  #list(entry: RoomEntry): void {
    if (entry.record.private) this.list.delete(entry);
    else this.list.put(entry);
    this.#empty.put(entry);
  }

  #unlist(entry: RoomEntry): void {
    this.list.delete(entry);
    this.#empty.delete(entry);
  }

  #deleteRoom(roomId: string, front: Front): void {
    const entry = this.#rooms.get(roomId);
    if (entry?.front !== front) return;
    this.#removeRoom(entry);
    this.#closed(entry.record);
  }

  #removeRoom(entry: RoomEntry): void {
    this.#rooms.delete(entry.record.roomId);
    this.#countSeats(entry.front, -entry.record.held);
    this.#unlist(entry);
  }

  #countSeats(front: Front, more: number): void {
    this.#seatsOfRooms.set(front, (this.#seatsOfRooms.get(front) ?? 0) + more);
  }

  #putSeat(seat: SeatEntry): void {
    const key = userKey(seat.record.user);
    const present = this.#seats.get(key);
    const other = present !== undefined && present.record.roomId !== seat.record.roomId ? present : undefined;
    if (other !== undefined && isNewer(other.record, seat.record)) return this.#loser(seat);
    this.#seats.set(key, seat);
    if (seat.record.entered === true) this.#came(seat.record.user);
    if (other !== undefined) this.#loser(other);
    if (other !== undefined || present?.front !== seat.front) this.#seated(seat);
  }

  #deleteSeat({ record: { user, roomId, unused = false }, front }: SeatEntry): void {
    const key = userKey(user);
    const present = this.#seats.get(key);
    if (present?.front !== front || present.record.roomId !== roomId) return;
    this.#seats.delete(key);
    if (unused) this.#unused(user);
  }
}

/**
 * The newer login first: it stays whatever an older one has been given since. Within one login the newer
 * grant.
 */
function isNewer(a: SeatRecord, b: SeatRecord): boolean {
  return a.epoch === b.epoch ? a.grant > b.grant : a.epoch > b.epoch;
}
