/**
 * A lobby in one object, for the tests of programs that use the client: every call of the protocol's client
 * topics, one or more fronts, everything in memory. A room is at the front through which it was made.
 *
 * It refuses to be a server: passwords are kept as they are, tokens are not signed, seats do not expire, a
 * connection that drops leaves its room at once, and no login throttles another.
 */
import type { Address, Platform } from '@lobby/net-frame';
import { Failure, auth, requireShortRoomText, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import { Pulse, clientPort, closed } from '@lobby/pulse';
import type { RateLimit, ServerPulse, Session } from '@lobby/pulse';
import { TestRoom } from './test-room.ts';

export interface TestLobbyOptions {
  readonly platform: Platform;
  /** Where its fronts listen: one on any free port of the loopback if left out. */
  readonly fronts?: readonly Address[];
  /** How fast a connection may send; as fast as it will if left out. */
  readonly rate?: RateLimit;
}

type Wish = PayloadOf<typeof room.reqCreate>;
type RoomAndSeat = ResponseOf<typeof room.reqReserve>;

const DEFAULT_PAGE_SIZE = 20;
const DEFAULT_CAPACITY = 8;

export class TestLobby implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #rate: RateLimit | false;
  readonly #fronts: ServerPulse[] = [];
  readonly #addresses: Address[] = [];
  readonly #passwords = new Map<string, string>();
  readonly #names = new Map<Session, string>();
  /** How often somebody has made all tokens void. */
  readonly #voided = new Map<string, number>();
  readonly #rooms = new Map<string, TestRoom>();
  readonly #places = new Map<Session, TestRoom>();
  readonly #made = new Map<string, TestRoom>();
  /** Rooms that quick found, by user and request. */
  readonly #found = new Map<string, TestRoom>();
  #lastId = 0;

  private constructor({ platform, rate }: TestLobbyOptions) {
    this.#platform = platform;
    this.#rate = rate ?? false;
  }

  static async start(options: TestLobbyOptions): Promise<TestLobby> {
    const { fronts = [{ host: '127.0.0.1', port: 0 }] } = options;
    const lobby = new TestLobby(options);
    for (const front of fronts) await lobby.#listen(front);
    return lobby;
  }

  /** Where the front of this index listens, from 0. */
  address(front = 0): Address {
    const address = this.#addresses[front];
    if (address === undefined) throw new RangeError(`there is no front ${front}`);
    return address;
  }

  /** Connections that are open, at all fronts. */
  get connections(): number {
    return this.#fronts.reduce((sum, front) => sum + front.sessions.size, 0);
  }

  /** Puts a user out, as an operator would. */
  kick(name: string): void {
    this.#putOut(name, 'kicked');
  }

  /** Closes a room over its members' heads. */
  closeRoom(roomId: string): void {
    this.#rooms.get(roomId)?.close();
    this.#rooms.delete(roomId);
  }

  /** Ends every connection and listens no more. */
  async stop(): Promise<void> {
    await Promise.all(this.#fronts.map((front) => front.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #listen({ host, port }: Address): Promise<void> {
    const node = `front-${this.#fronts.length}`;
    const front = Pulse.asServer({
      name: node,
      platform: this.#platform,
      dialect: clientPort({ node, rate: this.#rate }),
      host,
      port,
    });
    const address = await front.start();
    this.#fronts.push(front);
    this.#addresses.push(address);
    front
      .answer(auth.reqRegister, (_, who) => this.#register(who))
      .answer(auth.reqLogin, (session, who) => this.#login(session, who))
      .answer(auth.reqLogout, (session) => this.#logout(session))
      .answer(auth.reqEverywhere, (session) => this.#everywhere(session))
      .answer(room.reqCreate, (session, wish) => this.#create(session, address, wish))
      .answer(room.reqPage, (_, which) => this.#page(which))
      .answer(room.reqReserve, (session, { roomId }) => this.#reserve(session, roomId))
      .answer(room.reqQuick, (session, wish) => this.#quick(session, address, wish))
      .answer(room.reqCheckin, (session, { ticket }) => this.#checkIn(session, address, ticket))
      .answer(room.reqChat, (session, { text }) =>
        this.#place(session).say(session, text, this.#platform.clock.wallNow()),
      )
      .answer(room.reqLeave, (session) => this.#leave(session, 'left'))
      .sub(closed, (session) => {
        this.#places.get(session)?.leave(session, 'disconnected');
        this.#places.delete(session);
        this.#names.delete(session);
      });
  }

  #register({ name, password }: PayloadOf<typeof auth.reqRegister>): ResponseOf<typeof auth.reqRegister> {
    if (this.#passwords.has(name)) throw new Failure('name_taken', `${name} is registered already`);
    this.#passwords.set(name, password);
    return { userId: `id-${name}` };
  }

  #login(session: Session, who: PayloadOf<typeof auth.reqLogin>): ResponseOf<typeof auth.reqLogin> {
    const name = this.#identify(who);
    this.#putOut(name, 'logged_in_elsewhere', session);
    this.#names.set(session, name);
    session.admit('user', name);
    const held = [...this.#rooms.values()].find((other) => other.holds(name));
    const seat = held === undefined ? {} : { seat: held.seatOf(name) };
    return { userId: `id-${name}`, name, token: this.#tokenOf(name), ...seat };
  }

  /** There is one login of a user in any case: the tokens of before are void. */
  #everywhere(session: Session): ResponseOf<typeof auth.reqEverywhere> {
    const name = this.#name(session);
    this.#voided.set(name, (this.#voided.get(name) ?? 0) + 1);
    return { token: this.#tokenOf(name) };
  }

  #tokenOf(name: string): string {
    return `token-${name}-${this.#voided.get(name) ?? 0}`;
  }

  #identify({ name, password, token }: PayloadOf<typeof auth.reqLogin>): string {
    const known =
      token === undefined ? name : [...this.#passwords.keys()].find((one) => token === this.#tokenOf(one));
    const right = token !== undefined || (name !== undefined && this.#passwords.get(name) === password);
    if (known === undefined || !right)
      throw new Failure('wrong_credentials', 'name and password do not match, or the token is not valid');
    return known;
  }

  #logout(session: Session): object {
    if (this.#places.has(session)) this.#leave(session, 'left');
    this.#names.delete(session);
    session.dismiss('user');
    return {};
  }

  #create(session: Session, address: Address, wish: Wish): RoomAndSeat {
    requireShortRoomText(wish);
    const name = this.#name(session);
    const key = requestKey(name, wish.requestId);
    const before = this.#made.get(key);
    if (before !== undefined) return before.reserve(name);
    this.#refuseSeated(name);
    const roomId = `room-${(this.#lastId += 1)}`;
    const made = new TestRoom({ ...wish, roomId, address, createdAt: this.#platform.clock.wallNow() });
    this.#rooms.set(roomId, made);
    if (wish.requestId !== undefined) this.#made.set(key, made);
    return made.reserve(name);
  }

  #page(wish: PayloadOf<typeof room.reqPage>): ResponseOf<typeof room.reqPage> {
    const { page = 1, pageSize = DEFAULT_PAGE_SIZE, title = '', attributes = {}, open = false, after } = wish;
    const wanted = Object.entries(attributes);
    const listed = [...this.#rooms.values()].filter(
      ({ listed: isListed, full, info }) =>
        isListed &&
        info.title.toLowerCase().includes(title.toLowerCase()) &&
        wanted.every(([key, value]) => info.attributes[key] === value) &&
        !(open && full),
    );
    const from = after === undefined ? (page - 1) * pageSize : Number(after);
    if (!Number.isSafeInteger(from)) throw new Failure('bad_request', '`after` is no cursor');
    const rooms = listed.slice(from, from + pageSize).map(({ info }) => info);
    const next = from + pageSize < listed.length ? { next: String(from + pageSize) } : {};
    return { page, pages: Math.ceil(listed.length / pageSize), total: listed.length, rooms, ...next };
  }

  #reserve(session: Session, roomId: string): RoomAndSeat {
    const wanted = this.#rooms.get(roomId);
    if (wanted === undefined) throw new Failure('room_not_found', `there is no room ${roomId}`);
    this.#refuseSeated(this.#name(session), wanted);
    return wanted.reserve(this.#name(session));
  }

  #quick(
    session: Session,
    address: Address,
    wish: PayloadOf<typeof room.reqQuick>,
  ): ResponseOf<typeof room.reqQuick> {
    const name = this.#name(session);
    const key = requestKey(name, wish.requestId);
    const before = this.#found.get(key);
    if (before?.isSeated(name) === true) return { ...before.reserve(name), created: false };
    const [found] = [...this.#rooms.values()]
      .filter((other) => other.suits(wish))
      .sort((a, b) => a.free - b.free);
    if (found === undefined || this.#made.has(key)) {
      const made = { capacity: DEFAULT_CAPACITY, ...wish, title: 'quick' };
      return { ...this.#create(session, address, made), created: true };
    }
    const offer = this.#reserve(session, found.info.roomId);
    if (wish.requestId !== undefined) this.#found.set(key, found);
    return { ...offer, created: false };
  }

  #checkIn(session: Session, { port }: Address, ticket: string): ResponseOf<typeof room.reqCheckin> {
    const wanted = [...this.#rooms.values()].find(
      (other) => other.address.port === port && other.userOf(ticket) !== undefined,
    );
    if (wanted === undefined) throw new Failure('bad_ticket', 'the ticket is not known here');
    session.admit('member', wanted.userOf(ticket) as string);
    const answer = wanted.checkIn(session, ticket);
    this.#places.set(session, wanted);
    return answer;
  }

  #leave(session: Session, reason: string): object {
    this.#place(session).leave(session, reason);
    this.#places.delete(session);
    session.dismiss('member');
    return {};
  }

  #refuseSeated(name: string, butFor?: TestRoom): void {
    for (const other of this.#rooms.values())
      if (other !== butFor && other.holds(name))
        throw new Failure('already_in_room', `${name} is in a room: leave it first`);
  }

  #place(session: Session): TestRoom {
    const place = this.#places.get(session);
    if (place?.open !== true) throw new Failure('not_in_room', 'this connection is not checked in to a room');
    return place;
  }

  #name(session: Session): string {
    const name = this.#names.get(session);
    if (name === undefined) throw new Failure('unauthenticated', 'log in first');
    return name;
  }

  #putOut(name: string, code: 'kicked' | 'logged_in_elsewhere', butFor?: Session): void {
    for (const [session, other] of [...this.#names]) {
      if (other !== name || session === butFor) continue;
      session.send(auth.synKickout, { code, message: `${name}: ${code}` });
      session.close(code, `${name}: ${code}`);
    }
  }
}

function requestKey(name: string, requestId: string | undefined): string {
  return JSON.stringify([name, requestId]);
}
