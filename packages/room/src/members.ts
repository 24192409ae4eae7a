/**
 * The members of a front's rooms: check-in, chat, leave, lost connections, and who is put out. It moves seats
 * through their states (see `seat.ts`) and tells the others in the room. Which rooms there are is not its
 * business.
 *
 * Invariants: who a member is comes from the ticket alone; check-in is one synchronous step, so that nothing
 * comes between the seat, the others' notice and the answer.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { Failure, auth, closeCodeOf, room as topics, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import { closed } from '@lobby/pulse';
import type { ServerPulse, Session } from '@lobby/pulse';
import { FairBudget } from './fair-budget.ts';
import type { Room } from './room.ts';
import type { RoomLedger } from './room-ledger.ts';
import type { Seat } from './seat.ts';
import { Tickets } from './tickets.ts';

export interface MembersOptions {
  readonly front: ServerPulse;
  readonly platform: Platform;
  readonly ledger: RoomLedger;
  /** Milliseconds for which a reservation is held. */
  readonly seatExpiresMs: number;
  /** Milliseconds for which a member whose connection was lost keeps the seat. */
  readonly memberGraceMs: number;
  /** Deliveries a second of one room: of a line to one member, for each KiB that it has begun. */
  readonly roomDeliveries: number;
  /** The number of the login on a connection, if there is one. */
  readonly loginOn: (session: Session) => number | undefined;
  /** The last seat of a room was freed. */
  readonly emptied: (room: Room) => void;
}

/** Why a seat is taken away; with `keepSeat` only the connection is. */
export type Eviction = NonNullable<PayloadOf<typeof topics.reqReleaseB2f>['evict']>;

/** A line of up to so many bytes is one delivery to each member. */
const DELIVERY_BYTES = 1024;

type LeaveReason = 'left' | 'disconnected' | 'kicked';

export class Members {
  readonly tickets: Tickets;
  /** Chats carried, since the start. */
  chats = 0;
  /** Chats that were refused because their rooms carry no more, since the start. */
  chatsThrottled = 0;
  /** Members that lost their seat because they took one in another room, since the start. */
  superseded = 0;
  readonly #options: MembersOptions;
  readonly #dropped: TimeoutQueue<Seat>;
  /** The seats that connections are checked in to, by the session's key. */
  readonly #seats = new Map<number, Seat>();

  constructor(options: MembersOptions) {
    this.#options = options;
    const { platform, front, seatExpiresMs, memberGraceMs } = options;
    this.tickets = new Tickets(platform, seatExpiresMs, (seat) => this.#ticketExpired(seat));
    this.#dropped = new TimeoutQueue(platform.clock, memberGraceMs, (seat) => this.#graceOver(seat));
    front
      .answer(topics.reqCheckin, (session, { ticket }) => this.#checkIn(session, ticket))
      .answer(topics.reqChat, (session, { text }) => this.#chat(this.#seatOn(session), text))
      .answer(topics.reqLeave, (session) => this.#leave(this.#seatOn(session)))
      .sub(closed, (session) => this.#connectionLost(session));
  }

  /**
   * Frees a seat that nobody is connected to. Throws `already_in_room` where somebody is, or a newer login
   * holds it.
   */
  release(seat: Seat, epoch: number): void {
    if (seat.state === 'entered' || seat.epoch > epoch) {
      throw new Failure('already_in_room', 'the user is checked in to a room: leave it first');
    }
    this.#free(seat, 'disconnected');
  }

  /**
   * Ends the connection to a seat and, unless it is kept, frees the seat. A seat of a newer login stays, with
   * its ticket, and so does a connection that checked in by it.
   */
  evict(seat: Seat, epoch: number, { code, message, keepSeat }: Eviction): void {
    const login = seat.session && this.#options.loginOn(seat.session);
    if (code === 'logged_in_elsewhere' && login !== undefined && login > epoch) {
      // It sits on the connection of the login that stays, and is that one's from now on.
      seat.epoch = seat.enteredBy = Math.max(seat.epoch, login);
      return this.#options.ledger.changed(seat.room, seat);
    }
    if (seat.epoch > epoch) {
      // Of two seats one was to go, and a newer login has taken it since: none has ended.
      if (code === 'replaced' || seat.session === undefined || seat.enteredBy > epoch) return;
      this.#endConnection(seat, code, message);
      return this.#drop(seat);
    }
    if (code === 'replaced' && !keepSeat && seat.session !== undefined) this.superseded += 1;
    this.#endConnection(seat, code, message);
    if (!keepSeat || seat.state === 'reserved') return this.#free(seat, code === 'left' ? 'left' : 'kicked');
    // A ticket of the older login must not lead back in.
    this.tickets.cancel(seat);
    // Told twice, it must not lengthen the time for which the seat is kept.
    if (seat.state !== 'dropped') this.#drop(seat);
  }

  /** The room is closed: its members are told, its seats are free, its tickets are good no more. */
  clear(room: Room, message: string): void {
    this.#options.front.sendAll(room.sessions(), topics.synClose, { code: 'room_closed', message });
    for (const seat of [...room.seats()]) {
      this.tickets.cancel(seat, 'room_closed');
      this.#dropped.delete(seat);
      this.#unseat(seat);
      room.free(seat);
      this.#options.ledger.changed(room, seat);
    }
  }

  /**
   * Tells the members of a room that this front is stopping, where no login on the same connection tells
   * them.
   */
  sayGoodbye(room: Room): void {
    const sessions = room.sessions().filter((session) => session.known('user') === undefined);
    const notice = { code: 'shutting_down', message: 'this server is stopping' };
    this.#options.front.sendAll(sessions, auth.synKickout, notice);
  }

  /** No timer is left. */
  stop(): void {
    this.tickets.clear();
    this.#dropped.clear();
  }

  #checkIn(session: Session, ticket: string): ResponseOf<typeof topics.reqCheckin> {
    const seat = this.tickets.find(ticket);
    const { room } = seat;
    const user = session.known('user');
    if (user !== undefined && userKey(user) !== seat.key) {
      throw new Failure('bad_ticket', 'the ticket is for another user');
    }
    if (session.known('member') !== undefined && seat.session !== session) {
      throw new Failure('already_in_room', 'this connection is checked in to a room: leave it first');
    }
    // The others are told of the coming and, some time, of the leaving, which nobody is refused.
    const comingMs = seat.state === 'reserved' ? this.#waitMs(seat, 2 * room.sessions().length) : 0;
    if (comingMs > 0) throw carriesNoMore(comingMs);
    this.tickets.cancel(seat);
    // The seat's ticket that is good is always that of the login which it was last given to; with it a newer
    // one may come in, on its own connection, and then the seat is that one's: the end of any login before it
    // must not put it out.
    seat.epoch = Math.max(seat.epoch, this.#options.loginOn(session) ?? 0);
    seat.enteredBy = seat.epoch;
    const isNew = seat.state === 'reserved';
    if (seat.session !== session) {
      this.#replaced(seat, 'you checked in to this room on another connection');
      this.#seatAt(seat, session);
    }
    if (isNew) this.#options.front.sendAll(room.sessions(seat), topics.synEnter, { user: seat.user });
    this.#options.ledger.changed(room, seat);
    return { room: room.info, users: room.members().map((member) => member.user) };
  }

  #seatAt(seat: Seat, session: Session): void {
    this.#dropped.delete(seat);
    seat.state = 'entered';
    seat.session = session;
    session.admit('member', seat.user, seat.key);
    this.#seats.set(session.key, seat);
  }

  /** The seat of the member on this connection. Throws `not_in_room` for one who has left, or was put out. */
  #seatOn(session: Session): Seat {
    const seat = this.#seats.get(session.key);
    if (seat !== undefined) return seat;
    throw new Failure(
      'not_in_room',
      'this connection is not checked in to a room: reserve a seat and check in',
    );
  }

  #chat(seat: Seat, text: string): ResponseOf<typeof topics.reqChat> {
    const { room, user } = seat;
    const sessions = room.sessions();
    const kib = Math.ceil(Buffer.byteLength(text) / DELIVERY_BYTES);
    const waitMs = this.#waitMs(seat, sessions.length * kib);
    if (waitMs > 0) {
      this.chatsThrottled += 1;
      throw carriesNoMore(waitMs);
    }
    const id = room.nextChatId();
    this.chats += 1;
    const at = this.#options.platform.clock.wallNow();
    this.#options.front.sendAll(sessions, topics.synChat, { id, from: user, text, at });
    return { id };
  }

  /**
   * Takes so many deliveries of the user's share of what the room carries: 0 where it has them, else the
   * milliseconds to wait.
   */
  #waitMs({ room, key }: Seat, deliveries: number): number {
    const { platform, roomDeliveries } = this.#options;
    room.deliveries ??= new FairBudget(platform.clock, roomDeliveries);
    return room.deliveries.take(key, deliveries);
  }

  #leave(seat: Seat): Record<string, never> {
    this.#unseat(seat);
    this.#free(seat, 'left');
    return {};
  }

  #connectionLost(session: Session): void {
    const seat = this.#seats.get(session.key);
    if (seat === undefined) return;
    this.#unseat(seat);
    this.#drop(seat);
  }

  /** Nobody is connected to the seat: it is kept for a while. */
  #drop(seat: Seat): void {
    seat.state = 'dropped';
    this.#dropped.add(seat);
  }

  /** The user has a newer connection or seat: the older connection ends, unless a user is logged in on it. */
  #replaced(seat: Seat, message: string): void {
    const { session } = seat;
    if (session === undefined) return;
    const code = 'replaced';
    session.send(topics.synClose, { code, message });
    this.#unseat(seat);
    if (!session.admitted) session.close(code, message);
  }

  /**
   * The login by which somebody checked in is over: so is the connection, unless the user has just logged out
   * on it.
   */
  #endConnection(seat: Seat, code: string, message: string): void {
    const { session } = seat;
    if (session === undefined) return;
    if (code === 'replaced') return this.#replaced(seat, message);
    this.#unseat(seat);
    if (code === 'left') {
      session.send(topics.synClose, { code, message });
    } else {
      const closeCode = closeCodeOf(code);
      session.send(auth.synKickout, { code: closeCode, message });
      session.close(closeCode, message);
    }
  }

  /** The connection is not the member's any more; the seat is left as it is. */
  #unseat(seat: Seat): void {
    const { session } = seat;
    if (session === undefined) return;
    seat.session = undefined;
    this.#seats.delete(session.key);
    session.dismiss('member');
  }

  #free(seat: Seat, reason: LeaveReason): void {
    const { room } = seat;
    if (!room.free(seat)) return;
    // One that was given up in time for another is as good as none; one that stood for long is not.
    if (seat.state === 'reserved' && this.tickets.unusedForMs(seat) >= this.tickets.expiresMs / 2)
      seat.unused = true;
    this.tickets.cancel(seat);
    this.#dropped.delete(seat);
    const { front, ledger, emptied } = this.#options;
    if (seat.state !== 'reserved')
      front.sendAll(room.sessions(), topics.synLeave, { user: seat.user, reason });
    ledger.changed(room, seat);
    if (room.held === 0) emptied(room);
  }

  #ticketExpired(seat: Seat): void {
    const isDue = seat.state === 'reserved' || (seat.state === 'dropped' && !this.#dropped.has(seat));
    if (!isDue) return;
    seat.unused = true;
    this.#free(seat, 'disconnected');
  }

  #graceOver(seat: Seat): void {
    // A ticket that is still good is a promise: the seat waits for it.
    if (!this.tickets.has(seat)) this.#free(seat, 'disconnected');
  }
}

function carriesNoMore(retryAfterMs: number): Failure {
  const message = `the room carries no more of yours now: wait ${retryAfterMs} ms`;
  return new Failure('throttled', message, { retryAfterMs });
}
