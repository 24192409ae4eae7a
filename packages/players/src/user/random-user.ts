/**
 * A user's program: it connects, logs in, looks for rooms, enters, talks, leaves, loses its connection and
 * comes back, in an order of chance. It keeps the rules of the protocol, except where it tries another's
 * ticket. Chance, time, connections and habits are handed in.
 *
 *     live() ──▶ pause ──▶ one act ──▶ pause ──▶ ... ── rest() ──▶ the act that is under way, and no more
 *
 * Invariants: one act at a time; the same chance and the same answers draw the same acts.
 */
import { CallFailure } from '@lobby/call';
import type { Address, Clock } from '@lobby/net-frame';
import { auth, room, userKey } from '@lobby/protocol';
import type { Seat } from '@lobby/protocol';
import type { Chance } from '../chance/chance.ts';
import { LinkError } from '../link/link-error.ts';
import type { Connection } from './connection.ts';
import type { Habits, Span, Weights } from './habits.ts';
import type { TownTalk } from './town-talk.ts';
import { User } from './user.ts';
import type { Open, Place, RoomAndSeat, RoomWish } from './user.ts';
import { PLAIN_WORDS } from './words.ts';
import type { Words } from './words.ts';

export interface RandomUserOptions<C extends Connection> {
  readonly name: string;
  /** What its chats begin with, and what makes the ids of its requests its own. */
  readonly voice: string;
  readonly open: Open<C>;
  /** Fronts that take logins. */
  readonly lobbies: readonly Address[];
  /** A token from whoever issues them; a login gives newer ones. */
  readonly tokenOf: (name: string) => string | Promise<string>;
  readonly talk: TownTalk;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly habits: Habits;
  /** `PLAIN_WORDS` if left out. */
  readonly words?: Words;
  /** Acts of the tool's own, by the names that its weights have for them. */
  readonly ownActs?: Readonly<Record<string, (user: User<C>) => Promise<unknown>>>;
  /** An act threw what is no refusal. */
  readonly failed: (error: unknown) => void;
}

type Act = () => Promise<unknown>;

const PASSWORD = 'correct horse';
/** So often a creation or a quick seat whose outcome is unknown is asked for. */
const MOST_TRIES = 3;
/** How many of its quick seats it asks for without a number, and once. */
const NAMELESS = 0.2;

export class RandomUser<C extends Connection> {
  readonly user: User<C>;
  readonly #options: RandomUserOptions<C>;
  readonly #chance: Chance;
  readonly #habits: Habits;
  readonly #words: Words;
  /** How readily it gives up what it has. */
  readonly #restlessness: number;
  readonly #acts: Readonly<Record<string, Act>>;
  readonly #connections = new Set<C>();
  #token: string | undefined;
  /** It was put out by the operator: a password leads back in. */
  #tokenIsVoid = false;
  /** A creation whose outcome is unknown. */
  #unsettled: RoomWish | undefined;
  #requests = 0;
  #said = 0;
  #acting: Promise<void> | undefined;
  #resting = false;

  constructor(options: RandomUserOptions<C>) {
    const { name, chance, habits, ownActs = {} } = options;
    this.#options = options;
    this.#chance = chance;
    this.#habits = habits;
    this.#words = options.words ?? PLAIN_WORDS;
    this.#restlessness = chance.pick(habits.restlessness);
    this.user = new User(name, (to) => this.#open(to));
    const own = Object.entries(ownActs).map(([act, run]) => [act, () => run(this.user)] as const);
    this.#acts = { ...this.#usualActs(), ...Object.fromEntries(own) };
    for (const [, act] of [...habits.outside, ...habits.seated, ...habits.inRoom])
      if (!Object.hasOwn(this.#acts, act)) throw new TypeError(`there is no act "${act}"`);
  }

  /** Its connections that are not over, as far as it has looked. */
  get connections(): ReadonlySet<C> {
    return this.#connections;
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    this.#resting = false;
    this.#later(this.#draw(this.#habits.pauseMs));
  }

  /** Begins nothing more; resolves when what is under way is over. Its connections stay. */
  async rest(): Promise<void> {
    this.#resting = true;
    await this.#acting;
  }

  #later(ms: number): void {
    this.#options.clock.setTimer(ms, () => {
      if (this.#resting || this.#acting !== undefined) return;
      this.#acting = this.#act().then(() => {
        this.#acting = undefined;
        if (!this.#resting) this.#later(this.#draw(this.#habits.pauseMs));
      });
    });
  }

  async #act(): Promise<void> {
    try {
      await this.#choose()();
    } catch (error) {
      if (!isRefusal(error)) this.#options.failed(error);
      else if (error.code === 'not_in_room') this.user.place = undefined;
    }
  }

  #choose(): Act {
    const { user } = this;
    if (user.lobby?.ended !== undefined) {
      // What is asked of a connection that is over must be refused, at once.
      if (user.loggedIn && this.#chance.chance(0.3)) void this.#page().catch(() => undefined);
      const isElsewhere = user.lobby.ended === 'logged_in_elsewhere';
      user.lobby = undefined;
      user.loggedIn = false;
      // Whoever was put out for a login of the same user lets it be for a while.
      if (isElsewhere) return () => this.#pause(this.#habits.defeatMs);
    }
    if (user.place?.connection.ended !== undefined) user.place = undefined;
    if (user.lobby === undefined) return () => this.#connect();
    if (!user.loggedIn) return () => this.#login();
    const { inRoom, seated, outside } = this.#habits;
    return this.#oneOf(user.place !== undefined ? inRoom : user.seat !== undefined ? seated : outside);
  }

  #oneOf(weights: Weights): Act {
    const { restless } = this.#habits;
    return this.#chance.weighted(
      weights.map(([weight, act]) => [
        restless.has(act) ? weight * this.#restlessness : weight,
        this.#acts[act] as Act,
      ]),
    );
  }

  #usualActs(): Record<string, Act> {
    const { user } = this;
    return {
      page: () => this.#page(),
      pagesAtOnce: () => this.#pagesAtOnce(),
      logout: () => this.#logout(),
      drop: async () => user.lobby?.drop(),
      close: async () => user.lobby?.close(),
      goAway: () => this.#goAway(),
      loginTwice: () => this.#loginTwice(),
      loginElsewhere: () => this.#loginElsewhere(),
      create: () => this.#create(),
      quick: () => this.#quick(),
      reserve: () => this.#reserve(),
      checkIn: () => this.#checkIn(),
      forgetSeat: async () => (user.seat = undefined),
      stealTicket: () => this.#stealTicket(),
      chat: () => this.#chat(),
      rant: () => this.#rant(),
      leave: () => user.leave(),
      dropPlace: async () => user.place?.connection.drop(),
      comeBack: () => this.#comeBack(),
      freshTicket: () => this.#freshTicket(),
      changeRooms: () => this.#changeRooms(),
    };
  }

  async #open(to: Address): Promise<C | undefined> {
    const connection = await this.#options.open(to);
    if (connection !== undefined) this.#connections.add(connection);
    for (const other of this.#connections) if (other.ended !== undefined) this.#connections.delete(other);
    if (this.#connections.size > this.#habits.mostConnections)
      for (const other of this.#connections) if (other !== connection) other.close();
    return connection;
  }

  async #connect(): Promise<void> {
    await this.user.connect(this.#chance.pick(this.#options.lobbies));
  }

  async #login(): Promise<void> {
    const { user } = this;
    const { talk, tokenOf } = this.#options;
    const byPassword = this.#tokenIsVoid || this.#chance.chance(this.#habits.byPassword);
    if (byPassword && !talk.registered.has(user.name)) {
      try {
        await user.register(PASSWORD);
      } catch (error) {
        if (!isRefusal(error) || error.code !== 'name_taken') throw error;
      }
      talk.registered.add(user.name);
    }
    try {
      const who = byPassword
        ? { name: user.name, password: PASSWORD }
        : { token: (this.#token ??= await tokenOf(user.name)) };
      this.#token = (await user.login(who)).token;
      this.#tokenIsVoid = false;
    } catch (error) {
      if (isRefusal(error) && error.code === 'wrong_credentials') this.#tokenIsVoid = true;
      throw error;
    }
  }

  /** Another login on the same connection: it must be refused. */
  async #loginTwice(): Promise<void> {
    await this.user.ask(auth.reqLogin, { token: await this.#options.tokenOf(this.user.name) });
  }

  /** The same user once more, on another connection; then the older login is tried, which must be over. */
  async #loginElsewhere(): Promise<void> {
    const older = this.user.lobby;
    await this.#connect();
    await this.#login();
    if (older !== undefined && older.ended === undefined)
      await this.user.askOn(older, room.reqPage, { page: 1, pageSize: 1 });
  }

  async #logout(): Promise<void> {
    const { lobby } = this.user;
    try {
      await this.user.logout();
    } catch (error) {
      if (this.#habits.insists) lobby?.drop();
      throw error;
    }
  }

  /** Gone without a word, for longer than a seat is kept. */
  async #goAway(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    await this.#pause(this.#habits.absenceMs);
  }

  async #page(): Promise<void> {
    const { rooms } = await this.user.page({
      page: this.#chance.integer(1, 2),
      pageSize: this.#chance.integer(1, 20),
    });
    for (const { roomId } of rooms) this.#options.talk.hearsOfRoom(roomId);
  }

  async #pagesAtOnce(): Promise<void> {
    const pages = [3, 1, 4, 2].map((page) => this.user.page({ page, pageSize: 2 }));
    await Promise.allSettled(pages);
    await pages[0];
  }

  async #create(): Promise<void> {
    const wish = this.#unsettled ?? this.#newWish();
    await this.#repeatedly({
      ask: () => this.user.create(wish),
      told: (isUnknown) => (this.#unsettled = isUnknown && this.#habits.insists ? wish : undefined),
    });
  }

  /**
   * Asks for what bears a number of its own, and again with the same number where it may have been done, as
   * the protocol says; now and then also where it was answered.
   */
  async #repeatedly(request: {
    readonly ask: () => Promise<RoomAndSeat>;
    /** Told after each try whether its outcome is unknown. */
    readonly told?: (isUnknown: boolean) => void;
  }): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const offer = await request.ask();
        request.told?.(false);
        this.#offered(offer);
        if (!this.#chance.chance(0.1)) return;
      } catch (error) {
        const isUnknown = isRefusal(error) && error.mayHaveRun;
        request.told?.(isUnknown);
        const mayAgain = isUnknown && this.user.lobby?.ended === undefined;
        if (!mayAgain || tries === MOST_TRIES) throw error;
      }
      if (tries === MOST_TRIES) return;
      await this.#pause([0, 500]);
      if (this.user.lobby?.ended !== undefined || !this.user.loggedIn) return;
    }
  }

  #newWish(): RoomWish {
    this.#requests += 1;
    return {
      ...this.#words.room({ name: this.user.name, voice: this.#options.voice }, this.#requests),
      capacity: this.#chance.pick(this.#habits.capacities),
      private: this.#chance.chance(0.1),
    };
  }

  #newRequestId(): string {
    this.#requests += 1;
    return `${this.#options.voice} ${this.#requests}`;
  }

  async #quick(): Promise<void> {
    const capacity = this.#chance.pick(this.#habits.quickCapacities);
    const wish = capacity === undefined ? {} : { capacity };
    if (this.#chance.chance(NAMELESS)) return void this.#offered(await this.user.quick(wish));
    const requestId = this.#newRequestId();
    await this.#repeatedly({ ask: () => this.user.quick({ ...wish, requestId }) });
  }

  async #reserve(): Promise<void> {
    const known = [...this.#options.talk.rooms];
    if (known.length === 0) return this.#page();
    this.#offered(await this.user.reserve(this.#chance.pick(known.slice(-this.#habits.roomsInMind))));
  }

  #offered({ seat }: RoomAndSeat): void {
    const { talk } = this.#options;
    talk.hearsOfRoom(seat.roomId);
    talk.hearsOfTicket(seat.ticket, this.user.name);
  }

  /**
   * On the connection of its login where it may, mostly; sometimes late, sometimes under a false name,
   * sometimes twice.
   */
  async #checkIn(): Promise<void> {
    const { user } = this;
    const seat = user.seat as Seat;
    user.seat = undefined;
    const isHere = user.leadsHere(seat) && user.place === undefined;
    const connection = isHere && this.#chance.chance(0.7) ? user.lobby : await this.#open(seat);
    if (connection === undefined) return;
    if (this.#chance.chance(0.05)) await this.#pause([0, 6_000]);
    const { ticket } = seat;
    if (this.#chance.chance(0.1) && connection.callRaw !== undefined) {
      // Whoever reads a name here trusts the wrong one.
      const forged = { ticket, user: 'somebody', user_name: 'somebody', epoch: 2 ** 50 };
      if (!(await connection.callRaw(room.reqCheckin, forged))) return;
    } else await connection.call(room.reqCheckin, { ticket });
    user.place = { roomId: seat.roomId, connection };
    // A ticket that was used must not lead in again.
    if (this.#chance.chance(0.1)) await connection.call(room.reqCheckin, { ticket });
  }

  /** A ticket that somebody else got, on a connection on which this user is known: it must be refused. */
  async #stealTicket(): Promise<void> {
    const own = userKey(this.user.name);
    const others = [...this.#options.talk.tickets].slice(-8).filter(([, user]) => userKey(user) !== own);
    if (others.length === 0) return;
    const [ticket] = this.#chance.pick(others);
    await this.user.ask(room.reqCheckin, { ticket });
  }

  /** Back to the same room by a fresh ticket: the older connection to it is replaced. */
  async #freshTicket(): Promise<void> {
    const { roomId } = this.user.place as Place<C>;
    this.#offered(await this.user.reserve(roomId));
    await this.#checkIn();
  }

  /** Its connection to the room breaks, and it comes back to the seat that is kept for it. */
  async #comeBack(): Promise<void> {
    const { roomId, connection } = this.user.place as Place<C>;
    connection.drop();
    await this.#pause(this.#habits.pauseMs);
    this.user.place = undefined;
    if (this.user.lobby?.ended !== undefined) return;
    this.#offered(await this.user.reserve(roomId));
    await this.#checkIn();
  }

  async #chat(): Promise<void> {
    const { connection } = this.user.place as Place<C>;
    const lines = this.#chance.chance(0.2) ? 4 : 1;
    const length = this.#chance.chance(0.3) ? 'long' : 'short';
    const sent: Promise<unknown>[] = [];
    for (let nth = 0; nth < lines; nth += 1) sent.push(this.#say(connection, length));
    await Promise.allSettled(sent);
    await sent[0];
  }

  /** Long lines, one after another: whoever does not read them has too much of it. */
  async #rant(): Promise<void> {
    const { connection } = this.user.place as Place<C>;
    for (let nth = 0; nth < 8 && connection.ended === undefined; nth += 1)
      await this.#say(connection, 'long');
  }

  #say(connection: C, length: 'short' | 'long'): Promise<unknown> {
    this.#said += 1;
    const text = this.#words.chat(`${this.#options.voice} says ${this.#said}`, length);
    return connection.call(room.reqChat, { text });
  }

  /** Who is in a room gets no seat in another one, whatever the masters have forgotten. */
  async #changeRooms(): Promise<void> {
    await (this.#chance.chance(0.5) ? this.#quick() : this.#reserve());
    if (this.user.seat !== undefined) await this.#checkIn();
  }

  #draw([leastMs, mostMs]: Span): number {
    return this.#chance.between(leastMs, mostMs);
  }

  #pause(span: Span): Promise<void> {
    const ms = this.#draw(span);
    return new Promise((resolve) => void this.#options.clock.setTimer(ms, resolve));
  }
}

/** Whether a call was refused, or its connection ended; anything else that is thrown is a fault. */
export function isRefusal(error: unknown): error is CallFailure | LinkError {
  return error instanceof CallFailure || error instanceof LinkError;
}
