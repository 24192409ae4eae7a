/**
 * The front that holds rooms: it reserves seats for room-master, takes members in on their tickets, and carries their chat.
 * While room-master is away, members chat and leave as before; what has changed it learns when it is back.
 *
 * Who a member is it knows from the ticket alone.
 */
import { Announcement } from '@lobby/discovery';
import type { BackLink, ServiceUp } from '@lobby/discovery';
import { TimeoutQueue } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { Failure, auth, room as words, service, userKey } from '@lobby/protocol';
import type { CloseCode, PayloadOf, ResponseOf, Seat as SeatOffer, ServiceIdentity } from '@lobby/protocol';
import { closed, silentLog } from '@lobby/pulse';
import type { Log, ServerPulse, Session, SessionPulse } from '@lobby/pulse';
import type { RoomRow } from './admin-rows.ts';
import { Room } from './room.ts';
import type { RoomWish } from './room.ts';
import { RoomLedger, pages } from './room-ledger.ts';
import type { Asker, Seat } from './seat.ts';
import { Tickets } from './tickets.ts';

export interface RoomRunnerOptions {
  /** The client port; the same one may serve logins too. */
  readonly front: ServerPulse;
  readonly roomMaster: BackLink;
  readonly platform: Platform;
  readonly identity: ServiceIdentity;
  readonly version: string;
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
  readonly announceMs?: number;
  readonly log?: Log;
}

type Release = PayloadOf<typeof words.reqReleaseB2f>;
type Offer = ResponseOf<typeof words.reqReserveB2f>;
type LeaveReason = 'left' | 'disconnected' | 'kicked';

const ROOM_ID_BYTES = 9;
const INVENTORY_RETRY_MS = 1_000;

export class RoomRunner {
  readonly tickets: Tickets;
  readonly #options: RoomRunnerOptions;
  readonly #log: Log;
  readonly #maxRooms: number;
  readonly #rooms = new Map<string, Room>();
  readonly #ledger: RoomLedger;
  readonly #empty: TimeoutQueue<Room>;
  readonly #dropped: TimeoutQueue<Seat>;
  readonly #announcement: Announcement;
  #inventoryTold = false;
  #chats = 0;

  constructor(options: RoomRunnerOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#maxRooms = options.maxRooms ?? 10_000;
    const {
      platform,
      roomMaster,
      seatExpiresMs = 15_000,
      memberGraceMs = 20_000,
      roomEmptyMs = 30_000,
      announceMs = 5_000,
    } = options;
    this.#ledger = new RoomLedger({
      endOfTurn: (task) => platform.clock.endOfTurn(task),
      tell: (books) => void roomMaster.send(words.synChangesF2b, books),
    });
    this.tickets = new Tickets(platform, seatExpiresMs, (seat) => this.#ticketExpired(seat));
    this.#dropped = new TimeoutQueue(platform.clock, memberGraceMs, (seat) => this.#graceOver(seat));
    this.#empty = new TimeoutQueue(platform.clock, roomEmptyMs, (room) =>
      this.#close(room, 'nobody was in the room'),
    );
    this.#serveClients();
    this.#announcement = new Announcement({
      link: roomMaster,
      say: service.synRoomRunnerUp,
      hear: service.synRoomMasterUp,
      payload: () => this.#up(),
      heard: (child) => this.#tellInventory(child),
      everyMs: announceMs,
    });
    roomMaster.onUp((session) => this.#serveMaster(roomMaster.pulse.asChild({ session })));
  }

  /** Rooms held. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Chats carried, since the start. */
  get chats(): number {
    return this.#chats;
  }

  /** Seats taken or reserved, over all rooms. */
  get held(): number {
    let held = 0;
    for (const room of this.#rooms.values()) held += room.held;
    return held;
  }

  /** Every room that is held here. */
  listing(): { readonly total: number; readonly items: Iterable<RoomRow> } {
    return { total: this.#rooms.size, items: this.#rows() };
  }

  *#rows(): IterableIterator<RoomRow> {
    for (const room of this.#rooms.values()) {
      const { info, held } = room;
      yield {
        ...info,
        held,
        private: room.wish.private ?? false,
        members: room.members().map((seat) => seat.user),
      };
    }
  }

  /** Why this front can't do all of its work now; empty when it can. */
  get reasons(): readonly string[] {
    const { reasons } = this.#announcement;
    if (reasons.length === 0 && !this.#inventoryTold) return ['room-master has not taken the inventory yet'];
    return reasons;
  }

  /** Closes a room: its members are told, its tickets are good no more. False where there is no such room. */
  close(roomId: string, message = 'the room was closed by the operator'): boolean {
    const room = this.#rooms.get(roomId);
    if (room !== undefined) this.#close(room, message);
    return room !== undefined;
  }

  /** For a host: it needs no start, and after its stop no timer is left. The sessions are the front pulse's to end. */
  readonly part = {
    name: 'room-runner',
    start: (): Promise<void> => Promise.resolve(),
    stop: (): Promise<void> => {
      this.tickets.clear();
      this.#empty.clear();
      this.#dropped.clear();
      return Promise.resolve();
    },
  };

  #up(): ServiceUp {
    const { identity, version, address } = this.#options;
    const load = { rooms: this.#rooms.size, seats: this.held };
    return { ...identity, service: 'room-runner', version, address: address(), load, draining: false };
  }

  #serveClients(): void {
    const notIn = (): never => {
      throw new Failure(
        'not_in_room',
        'this connection is not checked in to a room: reserve a seat and check in',
      );
    };
    this.#options.front
      .answer(words.reqCheckin, (session, { ticket }) => this.#checkIn(session, ticket))
      .answer(words.reqChat, notIn)
      .answer(words.reqLeave, notIn);
  }

  #serveMaster(pulse: SessionPulse): SessionPulse {
    this.#inventoryTold = false;
    return pulse
      .answer(words.reqCreateB2f, (_, { user, epoch, grant, ...wish }) =>
        this.#create({ user, epoch }, grant, wish),
      )
      .answer(words.reqReserveB2f, (_, { user, epoch, grant, roomId }) =>
        this.#offer(this.#find(roomId), { user, epoch }, grant),
      )
      .answer(words.reqReleaseB2f, (_, release) => this.#release(release));
  }

  #create(asker: Asker, grant: number, wish: RoomWish): Offer {
    if (this.#rooms.size >= this.#maxRooms)
      throw new Failure('overloaded', `this room-runner holds ${this.#maxRooms} rooms, the most it takes`);
    const { clock, random } = this.#options.platform;
    const roomId = Buffer.from(random.bytes(ROOM_ID_BYTES)).toString('base64url');
    const room = new Room(roomId, wish, { creator: asker.user, createdAt: clock.wallNow() });
    this.#rooms.set(roomId, room);
    return this.#offer(room, asker, grant);
  }

  #find(roomId: string): Room {
    const room = this.#rooms.get(roomId);
    if (room === undefined) throw new Failure('room_not_found', 'there is no room of this id');
    return room;
  }

  /** A seat with a fresh ticket. room-master hears of the seat before it hears of the ticket. */
  #offer(room: Room, asker: Asker, grant: number): Offer {
    const seat = room.reserve(asker, grant);
    this.#empty.delete(room);
    const { clock } = this.#options.platform;
    const offer: SeatOffer = {
      ticket: this.tickets.issue(seat),
      roomId: room.roomId,
      ...this.#options.address(),
      expiresAt: clock.wallNow() + this.tickets.expiresMs,
    };
    this.#ledger.changed(room, seat);
    this.#ledger.flush();
    return { room: room.info, seat: offer };
  }

  #release({ user, epoch, roomId, evict }: Release): Record<string, never> {
    const seat = this.#rooms.get(roomId)?.seatOf(user);
    if (seat === undefined) return {};
    if (evict === undefined && (seat.state === 'entered' || seat.epoch > epoch)) {
      throw new Failure('already_in_room', 'the user is checked in to a room: leave it first');
    }
    if (seat.epoch > epoch) return {};
    if (evict !== undefined) this.#endConnection(seat, evict.code, evict.message);
    if (evict?.keepSeat === true && seat.state !== 'reserved') this.#drop(seat);
    else this.#free(seat, leaveReason(evict?.code));
    this.#ledger.flush();
    return {};
  }

  /** Takes a member in: one synchronous step, so that nothing comes between the seat, the others' notice and the answer. */
  #checkIn(session: Session, ticket: string): ResponseOf<typeof words.reqCheckin> {
    const seat = this.tickets.find(ticket);
    const { room } = seat;
    const user = session.known('user');
    if (user !== undefined && userKey(user) !== seat.key)
      throw new Failure('bad_ticket', 'the ticket is for another user');
    if (session.known('member') !== undefined && seat.session !== session) {
      throw new Failure('already_in_room', 'this connection is checked in to a room: leave it first');
    }
    this.tickets.cancel(seat);
    const isNew = seat.state === 'reserved';
    if (seat.session !== session) {
      if (seat.session !== undefined) this.#replaced(seat, seat.session);
      this.#seatAt(seat, session);
    }
    if (isNew) this.#options.front.sendAll(room.sessions(seat), words.synEnter, { user: seat.user });
    this.#ledger.changed(room, seat);
    return { room: room.info, users: room.members().map((member) => member.user) };
  }

  #seatAt(seat: Seat, session: Session): void {
    this.#dropped.delete(seat);
    seat.state = 'entered';
    seat.session = session;
    session.admit('member', seat.user);
    seat.pulse = this.#options.front
      .asChild({ session, strand: `room:${seat.room.roomId}` })
      .answer(words.reqChat, (_, { text }) => this.#chat(seat, text))
      .answer(words.reqLeave, () => this.#leave(seat))
      .sub(closed, () => this.#connectionLost(seat, session));
  }

  #chat({ room, user }: Seat, text: string): ResponseOf<typeof words.reqChat> {
    const id = room.nextChatId();
    this.#chats += 1;
    const at = this.#options.platform.clock.wallNow();
    this.#options.front.sendAll(room.sessions(), words.synChat, { id, from: user, text, at });
    return { id };
  }

  #leave(seat: Seat): Record<string, never> {
    this.#unseat(seat);
    this.#free(seat, 'left');
    return {};
  }

  #connectionLost(seat: Seat, session: Session): void {
    if (seat.session !== session) return;
    this.#unseat(seat);
    if (seat.room.seatOf(seat.key) === seat) this.#drop(seat);
  }

  /** Nobody is connected to the seat: it is kept for a while, and an older ticket to it is good no more. */
  #drop(seat: Seat): void {
    this.tickets.cancel(seat);
    seat.state = 'dropped';
    this.#dropped.add(seat);
  }

  /** The same user checked in on another connection. */
  #replaced(seat: Seat, older: Session): void {
    const notice = {
      code: 'replaced',
      message: 'you checked in to this room on another connection',
    } as const;
    older.send(words.synClose, notice);
    this.#unseat(seat);
    if (!older.admitted) older.close(notice.code, notice.message);
  }

  /** The user's login is over: the connection that was checked in by it ends, unless it is needed for something else. */
  #endConnection(seat: Seat, code: string, message: string): void {
    const { session } = seat;
    if (session === undefined) return;
    this.#unseat(seat);
    if (code === 'left') session.send(words.synClose, { code, message });
    else {
      session.send(auth.synKickout, { code, message });
      session.close(code as CloseCode, message);
    }
  }

  /** The connection is not the member's any more; the seat is left as it is. */
  #unseat(seat: Seat): void {
    const { session, pulse } = seat;
    seat.session = undefined;
    seat.pulse = undefined;
    pulse?.stop();
    session?.dismiss('member');
  }

  #free(seat: Seat, reason: LeaveReason): void {
    const { room } = seat;
    if (!room.free(seat)) return;
    this.tickets.cancel(seat);
    this.#dropped.delete(seat);
    if (seat.state !== 'reserved')
      this.#options.front.sendAll(room.sessions(), words.synLeave, { user: seat.user, reason });
    if (room.held === 0 && !room.closed) this.#empty.add(room);
    this.#ledger.changed(room, seat);
  }

  #ticketExpired(seat: Seat): void {
    if (seat.state === 'reserved') this.#free(seat, 'disconnected');
    else if (seat.state === 'dropped' && !this.#dropped.has(seat)) this.#free(seat, 'disconnected');
  }

  #graceOver(seat: Seat): void {
    // A ticket that is still good is a promise: the seat waits for it.
    if (!this.tickets.has(seat)) this.#free(seat, 'disconnected');
  }

  #close(room: Room, message: string): void {
    this.#rooms.delete(room.roomId);
    this.#empty.delete(room);
    room.close();
    this.#options.front.sendAll(room.sessions(), words.synClose, { code: 'room_closed', message });
    for (const seat of [...room.seats()]) {
      this.tickets.cancel(seat, 'room_closed');
      this.#unseat(seat);
      room.free(seat);
      this.#dropped.delete(seat);
      this.#ledger.changed(room, seat);
    }
    this.#ledger.changed(room);
    this.#log.info({ room: room.roomId }, message);
  }

  /** Tells room-master everything that is held here, page by page; where that fails on a living link, all over again. */
  async #tellInventory(child: SessionPulse): Promise<void> {
    const rooms = [...this.#rooms.values()];
    const seats = rooms.flatMap((room) => [...room.seats()]);
    try {
      for (const page of pages(rooms, seats)) {
        await child.call(words.reqInventoryF2b, { ...page, last: rooms.length + seats.length === 0 });
      }
      this.#inventoryTold = true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#log.warn({ code: error.code, err: error.message }, 'room-master did not take the inventory');
      if (!child.stopped) child.once(INVENTORY_RETRY_MS, () => this.#tellInventory(child));
    }
  }
}

/** What the others in the room are told of somebody whose seat is freed. */
function leaveReason(code: string | undefined): LeaveReason {
  if (code === undefined) return 'disconnected';
  return code === 'left' ? 'left' : 'kicked';
}
