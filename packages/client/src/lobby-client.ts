/**
 * A client of the lobby: one connection to a front, and the places in rooms that were entered through it.
 * Everything that a client can ask is a method here or on `RoomMember`, typed by the protocol's own table.
 *
 *     connect() ──▶ open ── close(), put out, connection lost ──▶ closed
 *
 * It never connects again by itself: `closed` says that it is over, and a new client logs in and goes back
 * with `resume`.
 */
import type { CallOptions } from '@lobby/call';
import type { Address, CloseReason } from '@lobby/net-frame';
import { addressCheck, checked, textOf } from '@lobby/net-frame/options';
import type { Check } from '@lobby/net-frame/options';
import { auth, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, Seat } from '@lobby/protocol';
import { badRequest, patience, request } from './asking.ts';
import { clientOptions } from './client-options.ts';
import type { CheckedClientOptions, LobbyClientOptions } from './client-options.ts';
import { Connection } from './connection.ts';
import { ClientError } from './errors.ts';
import { Events } from './events.ts';
import { RoomMember } from './room-member.ts';

/** A name with its password, or a token: of an earlier login, or issued by a game's own identity service. */
export type Credentials = NameAndPassword | { readonly token: string };
export type NameAndPassword = PayloadOf<typeof auth.reqRegister>;
/** Who logged in. `token` logs in again; `seat` is the way back to a seat that the user still holds. */
export type Login = ResponseOf<typeof auth.reqLogin>;
export type RoomWish = PayloadOf<typeof room.reqCreate>;
export type QuickWish = PayloadOf<typeof room.reqQuick>;
export type RoomPageRequest = Partial<PayloadOf<typeof room.reqPage>>;
export type RoomPage = ResponseOf<typeof room.reqPage>;
export type RoomAndSeat = ResponseOf<typeof room.reqReserve>;
export type QuickRoomAndSeat = ResponseOf<typeof room.reqQuick>;
/** Why the session is no longer the user's: `logged_in_elsewhere`, `kicked`, `shutting_down`. */
export type Kickout = PayloadOf<typeof auth.synKickout>;

const ticketCheck = textOf({ minimum: 1, maximum: 128 });

/** What is used of a seat. */
const SEAT: Check<Address & Pick<Seat, 'ticket'>> = (given, name) => {
  const address = addressCheck(given, name);
  return { ...address, ticket: ticketCheck((given as Seat).ticket, `${name}.ticket`) };
};

export class LobbyClient implements AsyncDisposable {
  readonly #options: CheckedClientOptions;
  readonly #connection: Connection;
  readonly #events: Events<{ readonly kickout: Kickout }>;
  /** Connections to rooms elsewhere. */
  readonly #elsewhere = new Set<Connection>();
  #closing: Promise<void> | undefined;

  private constructor(options: CheckedClientOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
    this.#events = new Events({ clock: options.platform.clock, log: options.log });
    connection.child().sub(auth.synKickout, (_, notice) => this.#events.tell('kickout', notice));
  }

  /**
   * Connects to a front. Rejects with a `ClientError` (`nobody_listens`, `unreachable`, `not_welcomed`,
   * `bad_option`) after `connectTimeoutMs` and 5 s for the welcome at most. A server waits 10 s for the
   * login.
   */
  static async connect(options: LobbyClientOptions): Promise<LobbyClient> {
    const checked = clientOptions(options);
    return new LobbyClient(checked, await Connection.open(checked));
  }

  /** Why the connection ended, whoever ended it. Resolves once, never rejects. */
  get closed(): Promise<CloseReason> {
    return this.#connection.closed;
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  /**
   * Told when the session is no longer the user's; the end follows. One that came before the first handler
   * waits for it. Throws a `ClientError` of code `bad_option` for what is no function.
   */
  onKickout(handler: (kickout: Kickout) => void): () => void {
    return this.#events.on('kickout', handler);
  }

  // Every call below resolves with the reply or rejects with a `Failure`: its `code` says what was wrong,
  // `retryAfterMs` when to ask again, `mayHaveRun` that it may have been done although no answer came. What
  // is wrong or too large to be sent is refused at once as `bad_request`, and nothing is sent; wrong options
  // of a call are a `ClientError` of code `bad_option`.

  /**
   * Makes an account. Fails with `name_taken`, or `bad_request` for a name or password that breaks its rule.
   */
  register(who: NameAndPassword, options?: CallOptions): Promise<ResponseOf<typeof auth.reqRegister>> {
    return this.#connection.call(auth.reqRegister, who, options);
  }

  /** Logs in; the user's older session, if there is one, is put out. Fails with `wrong_credentials`. */
  async login(who: Credentials, options?: CallOptions): Promise<Login> {
    const login = await this.#connection.call(auth.reqLogin, who, options);
    this.#connection.admit('user');
    return login;
  }

  /** The user is gone, a seat too; the connection stays, for the next login. */
  async logout(options?: CallOptions): Promise<void> {
    await this.#connection.resign('user', auth.reqLogout, options);
  }

  /**
   * Ends all other logins of the user, and makes every token of before void; this login stays. Resolves with
   * a token that holds. Five times an hour, then `throttled`. With `mayHaveRun` after a failure ask again, or
   * log in by password: the token of before may be void.
   */
  logoutElsewhere(options?: CallOptions): Promise<ResponseOf<typeof auth.reqEverywhere>> {
    return this.#connection.call(auth.reqEverywhere, {}, options);
  }

  /**
   * A page of the public rooms, oldest first: page 1 if left out; `title`, `attributes` and `open` pick
   * rooms. Where more follow the page has a `next`: give it as `after`, with the same filter, for the next
   * page.
   */
  async rooms(which: RoomPageRequest = {}, options?: CallOptions): Promise<RoomPage> {
    // An older server wants a number, whatever else is asked.
    return this.#connection.call(room.reqPage, { page: 1, ...request(room.reqPage, which) }, options);
  }

  /**
   * Makes a room and reserves a seat in it. After a failure with `mayHaveRun`, asking again with the same
   * `requestId` within 60 s gets the room of the first time, never a second: give one to ask again. Without
   * one nobody can, and the room is made at once, also where `room-master` has just started and does not know
   * yet which rooms there are.
   */
  createRoom(wish: RoomWish, options?: CallOptions): Promise<RoomAndSeat> {
    return this.#connection.call(room.reqCreate, wish, options);
  }

  /** Reserves a seat, for 15 s. Fails with `room_not_found`, `room_full` or `already_in_room`. */
  reserve(roomId: string, options?: CallOptions): Promise<RoomAndSeat> {
    return this.#connection.call(room.reqReserve, { roomId }, options);
  }

  /**
   * A seat in the fullest room that suits; one is made where none does, or waited for where one is being made
   * for others. After a failure with `mayHaveRun`, asking again with the same `requestId` leads to the same
   * room while the seat is held, and never makes a second one: give one to ask again, as to `createRoom`.
   */
  quick(wish: QuickWish = {}, options?: CallOptions): Promise<QuickRoomAndSeat> {
    return this.#connection.call(room.reqQuick, wish, options);
  }

  /**
   * Checks in at the seat's own address: on this connection where it leads there, else on a new one that ends
   * with the place in the room; a place that was taken on the same connection before is over then. Rejects
   * with a `Failure` (`bad_ticket`, `seat_expired`, `room_closed`), or as `connect` does.
   */
  async enter(seat: Seat, options?: CallOptions): Promise<RoomMember> {
    this.#refuseIfClosed();
    const call = patience(options);
    const { ticket, ...address } = checked(seat, SEAT, { bad: badRequest, name: 'seat' });
    const shared = this.#connection.isOpen && this.#connection.leadsTo(address);
    const connection = shared ? this.#connection : await this.#connectTo(address);
    return RoomMember.checkIn({ ticket, connection, ownsConnection: !shared, client: this.#options, call });
  }

  /**
   * Goes back to the seat that a login returned: the connection was lost, the seat was kept. The same as
   * `enter`.
   */
  resume(seat: Seat, call?: CallOptions): Promise<RoomMember> {
    return this.enter(seat, call);
  }

  /**
   * Ends every connection of this client at once. It does not leave: a seat is kept for the time that the
   * server grants to whom it lost, so leave first where that is meant. Twice is harmless.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#connection, ...this.#elsewhere].map((connection) => connection.close()));
  }

  async #connectTo({ host, port }: Address): Promise<Connection> {
    const connection = await Connection.open({ ...this.#options, host, port });
    this.#elsewhere.add(connection);
    void connection.closed.then(() => this.#elsewhere.delete(connection));
    if (this.#closing !== undefined) await connection.close();
    this.#refuseIfClosed();
    return connection;
  }

  #refuseIfClosed(): void {
    if (this.#closing !== undefined)
      throw new ClientError('closed', 'this client was closed: connect a new one');
  }
}
