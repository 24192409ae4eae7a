/**
 * The front that holds rooms: it makes them and reserves seats in them for room-master, and closes those that
 * stay empty. While room-master is away, members chat and leave as before; what has changed it learns when it
 * is back.
 */
import { Announcement, Drain, Inventory } from '@lobby/discovery';
import type { BackLink, FrontService, Part, ServiceUp } from '@lobby/discovery';
import { TimeoutQueue } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { Failure, room as topics, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, ServiceIdentity } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { Log, ServerPulse, Session, SessionPulse } from '@lobby/pulse';
import type { RoomRow } from './admin-rows.ts';
import { Members } from './members.ts';
import { Room } from './room.ts';
import type { RoomWish } from './room.ts';
import { RoomLedger, booksOf } from './room-ledger.ts';
import type { Books } from './room-ledger.ts';
import type { Asker, Seat, SeatRequest } from './seat.ts';

export interface RoomRunnerOptions {
  /** The client port; the same one may serve logins too. */
  readonly front: ServerPulse;
  readonly roomMaster: BackLink;
  readonly platform: Platform;
  readonly identity: ServiceIdentity;
  readonly version: string;
  /** The number of the login on a connection, where the client port serves logins too. */
  readonly loginOn?: (session: Session) => number | undefined;
  /** Where clients reach the client port; seats name it. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** Milliseconds for which a reservation is held. */
  readonly seatExpiresMs?: number;
  /** Milliseconds for which a member whose connection was lost keeps the seat. */
  readonly memberGraceMs?: number;
  /** Milliseconds after which a room that nobody is in, or has reserved, is closed. */
  readonly roomEmptyMs?: number;
  /** Rooms held at most; beyond, creating is refused as `overloaded`. */
  readonly maxRooms?: number;
  /** Deliveries a second of one room; over it, the members who say most are told `throttled`. */
  readonly roomDeliveries?: number;
  /** Milliseconds between announcements to room-master. */
  readonly announceMs?: number;
  /**
   * When it has begun, no room and no seat is given any more; who holds one may still come, and come back.
   */
  readonly drain?: Drain;
  readonly log?: Log;
}

type Release = PayloadOf<typeof topics.reqReleaseB2f>;
type Offer = ResponseOf<typeof topics.reqReserveB2f>;

const ROOM_ID_BYTES = 9;
/** For how long the request that made a room is told with it. */
const REPEATABLE_MS = 60_000;

export class RoomRunner implements FrontService {
  readonly members: Members;
  readonly #options: RoomRunnerOptions;
  readonly #log: Log;
  readonly #drain: Drain;
  readonly #maxRooms: number;
  readonly #rooms = new Map<string, Room>();
  readonly #ledger: RoomLedger;
  readonly #empty: TimeoutQueue<Room>;
  readonly #repeatable: TimeoutQueue<Room>;
  readonly #announcement: Announcement;
  readonly #inventory: Inventory<{ rooms: Room[]; seats: Seat[] }, Books>;

  constructor(options: RoomRunnerOptions) {
    const { platform, roomMaster, front, seatExpiresMs = 15_000, memberGraceMs = 20_000 } = options;
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#drain = options.drain ?? new Drain();
    this.#maxRooms = options.maxRooms ?? 10_000;
    this.#ledger = new RoomLedger({
      endOfTurn: (task) => platform.clock.endOfTurn(task),
      tell: (books) => void roomMaster.send(topics.synChangesF2b, books),
    });
    this.#empty = new TimeoutQueue(platform.clock, options.roomEmptyMs ?? 30_000, (room) =>
      this.#close(room, 'nobody was in the room'),
    );
    this.#repeatable = new TimeoutQueue(platform.clock, REPEATABLE_MS, (room) => room.forgetRequest());
    this.members = new Members({
      front,
      platform,
      ledger: this.#ledger,
      seatExpiresMs,
      memberGraceMs,
      roomDeliveries: options.roomDeliveries ?? 30_000,
      loginOn: options.loginOn ?? (() => undefined),
      emptied: (room) => this.#empty.add(room),
    });
    this.#inventory = new Inventory({
      link: roomMaster,
      topic: topics.reqInventoryF2b,
      held: () => this.#held(),
      describe: booksOf,
      log: this.#log,
    });
    this.#announcement = new Announcement({
      link: roomMaster,
      say: service.synRoomRunnerUp,
      hear: service.synRoomMasterUp,
      payload: () => this.#up(),
      heard: (child) => this.#inventory.tell(child),
      everyMs: options.announceMs ?? 5_000,
    });
    this.#drain
      .onBegin(() => this.#announcement.sayNow())
      .busyWhile(() => (this.present === 0 ? undefined : `${this.present} connections are in rooms here`));
    roomMaster.onUp((session) => this.#serveMaster(roomMaster.pulse.asChild({ session })));
  }

  /** Rooms held. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Seats taken or reserved, over all rooms. */
  get held(): number {
    let held = 0;
    for (const room of this.#rooms.values()) held += room.held;
    return held;
  }

  /** The rooms, to be looked at, by id. */
  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /** Connections that are checked in to rooms. */
  get present(): number {
    let present = 0;
    for (const room of this.#rooms.values()) present += room.sessions().length;
    return present;
  }

  /** Every room that is held here. */
  listing(): { readonly total: number; readonly items: Iterable<RoomRow> } {
    return { total: this.#rooms.size, items: this.#rows() };
  }

  /** Why this front can't do all of its work now; empty when it can. */
  get reasons(): readonly string[] {
    const { reasons } = this.#announcement;
    return reasons.length === 0 ? this.#inventory.reasons : reasons;
  }

  /** Closes a room: its members are told, its tickets are good no more. False where there is no such room. */
  close(roomId: string, message = 'the room was closed by the operator'): boolean {
    const room = this.#rooms.get(roomId);
    if (room !== undefined) this.#close(room, message);
    return room !== undefined;
  }

  /**
   * For a host: it needs no start. It is stopped when client port and link have ended, and then no timer is
   * left.
   */
  readonly part: Part = {
    name: 'room-runner',
    start: () => undefined,
    stop: () => {
      this.members.stop();
      this.#empty.clear();
      this.#repeatable.clear();
    },
  };

  /** Tells the members of all rooms that this front stops. */
  sayGoodbye(): void {
    for (const room of this.#rooms.values()) this.members.sayGoodbye(room);
  }

  *#rows(): IterableIterator<RoomRow> {
    for (const room of this.#rooms.values()) {
      const { info, held } = room;
      const members = room.members().map((seat) => seat.user);
      yield { ...info, held, private: room.wish.private ?? false, members };
    }
  }

  #up(): ServiceUp {
    const { identity, version, address } = this.#options;
    const load = { rooms: this.#rooms.size, seats: this.held };
    const { draining } = this.#drain;
    return { ...identity, service: 'room-runner', version, address: address(), load, draining };
  }

  #serveMaster(pulse: SessionPulse): SessionPulse {
    return pulse
      .answer(topics.reqCreateB2f, (_, { user, epoch, grant, ...wish }) =>
        this.#create({ user, epoch }, grant, wish),
      )
      .answer(topics.reqReserveB2f, (_, { user, epoch, grant, roomId, mustHold = false, request }) => {
        const room = this.#find(roomId);
        if (room.seatOf(user) === undefined) {
          if (mustHold) throw new Failure('seat_expired', 'the user holds no seat in this room any more');
          this.#drain.refuseNew();
        }
        return this.#offer(room, { user, epoch }, { grant, request });
      })
      .answer(topics.reqReleaseB2f, (_, release) => this.#release(release));
  }

  #create(asker: Asker, grant: number, wish: RoomWish): Offer {
    this.#drain.refuseNew();
    if (this.#rooms.size >= this.#maxRooms) {
      throw new Failure('overloaded', `this room-runner holds ${this.#maxRooms} rooms, the most it takes`);
    }
    const { clock, random } = this.#options.platform;
    const roomId = Buffer.from(random.bytes(ROOM_ID_BYTES)).toString('base64url');
    const room = new Room(roomId, wish, { creator: asker.user, createdAt: clock.wallNow() });
    this.#rooms.set(roomId, room);
    const { requestId } = wish;
    if (requestId === undefined) return this.#offer(room, asker, { grant });
    this.#repeatable.add(room);
    return this.#offer(room, asker, { grant, request: { requestId, created: true } });
  }

  #find(roomId: string): Room {
    const room = this.#rooms.get(roomId);
    if (room === undefined) throw new Failure('room_not_found', 'there is no room of this id');
    return room;
  }

  /** A seat with a fresh ticket. room-master hears of the seat before it hears of the ticket. */
  #offer(
    room: Room,
    asker: Asker,
    { grant, request }: { readonly grant: number; readonly request?: SeatRequest | undefined },
  ): Offer {
    const seat = room.reserve(asker, grant);
    if (request !== undefined) seat.request = request;
    this.#empty.delete(room);
    const { clock } = this.#options.platform;
    const { ticket, forMs } = this.members.tickets.issue(seat);
    const offer = {
      ticket,
      roomId: room.roomId,
      ...this.#options.address(),
      expiresAt: clock.wallNow() + Math.floor(forMs),
    };
    this.#ledger.changed(room, seat);
    this.#ledger.flush();
    return { room: room.info, seat: offer };
  }

  #release({ user, epoch, roomId, evict, close = false }: Release): Record<string, never> {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return {};
    const seat = room.seatOf(user);
    if (seat !== undefined && evict === undefined) this.members.release(seat, epoch);
    else if (seat !== undefined && evict !== undefined) this.members.evict(seat, epoch, evict);
    // Somebody may have come since room-master looked.
    if (close && room.held === 0 && userKey(room.creator) === userKey(user))
      this.#close(room, 'its creator makes another room, and nobody was in this one');
    this.#ledger.flush();
    return {};
  }

  #close(room: Room, message: string): void {
    this.#rooms.delete(room.roomId);
    this.#empty.delete(room);
    this.#repeatable.delete(room);
    room.close();
    this.members.clear(room, message);
    this.#ledger.changed(room);
    this.#log.info({ room: room.roomId, why: message }, 'room closed');
  }

  #held(): { rooms: Room[]; seats: Seat[] } {
    const rooms = [...this.#rooms.values()];
    return { rooms, seats: rooms.flatMap((room) => [...room.seats()]) };
  }
}
