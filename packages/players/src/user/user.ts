/**
 * A user: a name, a connection where it is logged in, a seat that it was offered, and a place in a room,
 * which may be on a connection of its own. One verb for each thing that a user asks. It decides nothing:
 * `RandomUser` does by chance, a flow by what it says.
 *
 * What it believes (logged in, seat, place) follows from what it was told and from nothing else. Every verb
 * rejects as `call` of its connections does, and with `not_connected` or `no_seat` where nothing could be
 * asked.
 */
import type { Address } from '@lobby/net-frame';
import { auth, room } from '@lobby/protocol';
import type { CallTopic, PayloadOf, ResponseOf, Seat } from '@lobby/protocol';
import { LinkError } from '../link/link-error.ts';
import type { Connection } from './connection.ts';

export type RoomWish = PayloadOf<typeof room.reqCreate>;
export type QuickWish = PayloadOf<typeof room.reqQuick>;
export type PageWish = PayloadOf<typeof room.reqPage>;
export type RoomAndSeat = ResponseOf<typeof room.reqReserve>;
export type Credentials = PayloadOf<typeof auth.reqLogin>;

/** Where a user is checked in. */
export interface Place<C extends Connection> {
  readonly roomId: string;
  readonly connection: C;
}

/**
 * Opens a connection that is welcomed. Rejects, or resolves with `undefined`, where there is none to be had.
 */
export type Open<C extends Connection> = (to: Address) => Promise<C | undefined>;

export class User<C extends Connection> {
  readonly name: string;
  /** The connection of the newest login, or for it. */
  lobby: C | undefined;
  loggedIn = false;
  /** Offered, and not taken yet. */
  seat: Seat | undefined;
  place: Place<C> | undefined;
  readonly #open: Open<C>;

  constructor(name: string, open: Open<C>) {
    this.name = name;
    this.#open = open;
  }

  /** The connection to its room; the one of its login where it is in none. */
  get roomConnection(): C | undefined {
    return this.place?.connection ?? this.lobby;
  }

  /** Connects for a login. An older connection goes on by itself. */
  async connect(to: Address): Promise<C | undefined> {
    this.lobby = await this.#open(to);
    this.loggedIn = false;
    return this.lobby;
  }

  async register(password: string): Promise<void> {
    await this.ask(auth.reqRegister, { name: this.name, password });
  }

  /** By password or by token. The reply may offer the seat that the user still has. */
  async login(credentials: Credentials): Promise<ResponseOf<typeof auth.reqLogin>> {
    const reply = await this.ask(auth.reqLogin, credentials);
    if (reply.seat !== undefined) this.seat = reply.seat;
    this.loggedIn = true;
    return reply;
  }

  async logout(): Promise<void> {
    this.loggedIn = false;
    await this.ask(auth.reqLogout, {});
    this.seat = undefined;
  }

  page(wish: PageWish): Promise<ResponseOf<typeof room.reqPage>> {
    return this.ask(room.reqPage, wish);
  }

  async create(wish: RoomWish): Promise<RoomAndSeat> {
    return this.#offered(await this.ask(room.reqCreate, wish));
  }

  async quick(wish: QuickWish): Promise<RoomAndSeat> {
    return this.#offered(await this.ask(room.reqQuick, wish));
  }

  async reserve(roomId: string): Promise<RoomAndSeat> {
    return this.#offered(await this.ask(room.reqReserve, { roomId }));
  }

  /** Whether the seat is held by the front where it is logged in, so that it needs no other connection. */
  leadsHere({ host, port }: Seat): boolean {
    const here = this.lobby?.address;
    return here?.host === host && here.port === port;
  }

  /**
   * Takes the seat that it was offered, on a connection of its own where that leads elsewhere; with `apart`
   * wherever it leads. A seat is tried once.
   */
  async checkIn({ apart = false }: { readonly apart?: boolean } = {}): Promise<
    ResponseOf<typeof room.reqCheckin>
  > {
    const { seat } = this;
    if (seat === undefined) throw notAsked('no_seat', 'a check-in needs a seat: create, reserve or quick');
    this.seat = undefined;
    const connection = !apart && this.leadsHere(seat) ? this.lobby : await this.#open(seat);
    const reply = await this.askOn(connection, room.reqCheckin, { ticket: seat.ticket });
    this.place = { roomId: seat.roomId, connection: connection as C };
    return reply;
  }

  chat(text: string): Promise<ResponseOf<typeof room.reqChat>> {
    return this.askOn(this.roomConnection, room.reqChat, { text });
  }

  async leave(): Promise<void> {
    await this.askOn(this.roomConnection, room.reqLeave, {});
    this.place = undefined;
  }

  /** Any call, where it is logged in. */
  ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return this.askOn(this.lobby, topic, request);
  }

  /** Any call, on one of its connections. */
  askOn<Request extends object, Response>(
    connection: C | undefined,
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    if (connection === undefined)
      return Promise.reject(notAsked('not_connected', `${topic.name} needs a connection: connect first`));
    return connection.call(topic, request);
  }

  #offered(offer: RoomAndSeat): RoomAndSeat {
    this.seat = offer.seat;
    return offer;
  }
}

function notAsked(code: string, message: string): LinkError {
  return new LinkError(code, message, { answered: false, mayHaveRun: false });
}
