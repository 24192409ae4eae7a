/**
 * A user's program: it connects, logs in, looks for rooms, enters, talks, leaves, loses its connection and comes back, in an order
 * of chance. It keeps the rules of the protocol, except where it tries another's ticket.
 *
 * What it believes (where it is logged in, in which room it sits) follows from what it was told and from nothing else.
 */
import { CallFailure } from '@lobby/call';
import type { Address } from '@lobby/net-frame';
import { auth, room } from '@lobby/protocol';
import type { CallTopic, ResponseOf, Seat } from '@lobby/protocol';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { Chance } from '@lobby/players';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';
import type { TownTalk } from './town-talk.ts';

const PASSWORD = 'correct horse';
/** Milliseconds between two acts, at most. */
const LONGEST_PAUSE_MS = 900;

/** A seat in a room that was checked in to. */
interface Place {
  readonly roomId: string;
  readonly connection: BotConnection;
}

type Act = () => Promise<unknown>;

export class Bot {
  readonly user: string;
  readonly process: SimProcess;
  readonly #world: World;
  readonly #random: Chance;
  readonly #talk: TownTalk;
  /** How readily it gives up what it has: some users stay where they are for as long as they are let. */
  readonly #restlessness: number;
  readonly #connections = new Set<BotConnection>();
  #lobby: BotConnection | undefined;
  #loggedIn = false;
  #token: string;
  /** It was put out by the operator: a password leads back in. */
  #tokenIsVoid = false;
  #seat: Seat | undefined;
  #place: Place | undefined;
  #requests = 0;
  #said = 0;
  #busy = false;
  #resting = false;

  constructor(world: World, user: string, options: { name: string; talk: TownTalk }) {
    this.user = user;
    this.#token = tokenOf(user);
    this.process = world.process(options.name);
    this.#world = world;
    this.#random = this.process.random.fork('acts');
    this.#talk = options.talk;
    this.#restlessness = this.#random.pick([1, 1, 0.1]);
  }

  /** Its connections that are not over. */
  get connections(): ReadonlySet<BotConnection> {
    return this.#connections;
  }

  /** It acts no more, and nothing that it began is under way. */
  get atRest(): boolean {
    return this.#resting && !this.#busy;
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    this.#resting = false;
    this.#later(this.#random.between(0, LONGEST_PAUSE_MS));
  }

  /** Begins nothing more. */
  rest(): void {
    this.#resting = true;
  }

  #later(ms: number): void {
    this.process.clock.setTimer(ms, () => {
      if (this.#resting || this.#busy) return;
      this.#busy = true;
      void this.#act().then(() => {
        this.#busy = false;
        if (!this.#resting) this.#later(this.#random.between(0, LONGEST_PAUSE_MS));
      });
    });
  }

  async #act(): Promise<void> {
    try {
      await this.#choose()();
    } catch (error) {
      if (!(error instanceof CallFailure)) {
        this.#world.report('I23', `${this.process.name} failed: ${(error as Error).stack ?? String(error)}`);
      } else if (error.code === 'not_in_room') this.#place = undefined;
    }
  }

  #choose(): Act {
    if (this.#lobby?.ended !== undefined) {
      // What is asked of a connection that is over must be refused, at once.
      if (this.#loggedIn && this.#random.chance(0.3)) void this.#page().catch(() => undefined);
      const isElsewhere = this.#lobby.ended === 'logged_in_elsewhere';
      this.#lobby = undefined;
      this.#loggedIn = false;
      // Whoever was put out for a login of the same user lets it be for a while.
      if (isElsewhere) return () => this.#pause(this.#random.between(0, 8_000));
    }
    if (this.#place?.connection.ended !== undefined) this.#place = undefined;
    if (this.#lobby === undefined) return () => this.#connect();
    if (!this.#loggedIn) return () => this.#login();
    const restless = this.#restlessness;
    const always: [number, Act][] = [
      [3, () => this.#page()],
      [1.5, () => this.#pagesAtOnce()],
      [0.5 * restless, () => this.#logout()],
      [0.6 * restless, async () => this.#drop(this.#lobby)],
      [0.3 * restless, async () => this.#lobby?.close()],
      [0.7, () => this.#stealTicket()],
      [0.3, () => this.#loginTwice()],
      [0.3 * restless, () => this.#goAway()],
      [0.6, () => this.#create()],
    ];
    if (this.#place !== undefined) {
      return this.#random.weighted([
        ...always,
        [14, () => this.#chat()],
        [0.7, () => this.#rant()],
        [0.7 * restless, () => this.#leave()],
        [0.7 * restless, async () => this.#drop(this.#place?.connection)],
        [1, () => this.#freshTicket()],
        // Who is in a room gets no seat in another one, whatever the masters have forgotten.
        [3, () => this.#changeRooms()],
      ]);
    }
    if (this.#seat !== undefined) {
      return this.#random.weighted([
        ...always,
        [14, () => this.#checkIn()],
        [1, async () => (this.#seat = undefined)],
      ]);
    }
    return this.#random.weighted([
      ...always,
      [2, () => this.#create()],
      [10, () => this.#quick()],
      [8, () => this.#reserve()],
    ]);
  }

  async #open(address: Address): Promise<BotConnection | undefined> {
    const connection = await BotConnection.open(this.#world, this.process, address);
    if (connection !== undefined) this.#connections.add(connection);
    for (const other of this.#connections) if (other.ended !== undefined) this.#connections.delete(other);
    return connection;
  }

  async #connect(): Promise<void> {
    this.#lobby = await this.#open(ADDRESSES[this.#random.pick(LOBBY_FRONTS)]);
    this.#loggedIn = false;
  }

  async #login(): Promise<void> {
    const lobby = this.#lobby as BotConnection;
    const byPassword = this.#tokenIsVoid || this.#random.chance(0.4);
    if (byPassword && !this.#talk.registered.has(this.user)) {
      try {
        await lobby.call(auth.reqRegister, { name: this.user, password: PASSWORD });
      } catch (error) {
        if (!(error instanceof CallFailure) || error.code !== 'name_taken') throw error;
      }
      this.#talk.registered.add(this.user);
    }
    const who = byPassword ? { name: this.user, password: PASSWORD } : { token: this.#token };
    try {
      const { seat, token } = await lobby.call(auth.reqLogin, who);
      this.#token = token;
      this.#tokenIsVoid = false;
      if (seat !== undefined) this.#seat = seat;
    } catch (error) {
      if (error instanceof CallFailure && error.code === 'wrong_credentials') this.#tokenIsVoid = true;
      throw error;
    }
    this.#loggedIn = true;
  }

  /** Another login on the same connection: it must be refused. */
  async #loginTwice(): Promise<void> {
    await this.#lobby?.call(auth.reqLogin, { token: tokenOf(this.user) });
  }

  async #logout(): Promise<void> {
    this.#loggedIn = false;
    await this.#lobby?.call(auth.reqLogout, {});
    this.#seat = undefined;
  }

  #drop(connection: BotConnection | undefined): void {
    connection?.drop();
  }

  /** Gone without a word, for longer than a seat is kept. */
  async #goAway(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    await this.#pause(this.#random.between(1_000, 30_000));
  }

  async #page(): Promise<void> {
    const { rooms } = await this.#ask(room.reqPage, {
      page: this.#random.integer(1, 2),
      pageSize: this.#random.integer(1, 20),
    });
    for (const { roomId } of rooms) this.#talk.rooms.add(roomId);
  }

  async #pagesAtOnce(): Promise<void> {
    const pages = [3, 1, 4, 2].map((page) => this.#ask(room.reqPage, { page, pageSize: 2 }));
    await Promise.allSettled(pages);
    await pages[0];
  }

  async #create(): Promise<void> {
    this.#requests += 1;
    const wish = {
      title: `${this.user} ${this.#requests}`,
      capacity: this.#random.integer(1, 4),
      private: this.#random.chance(0.1),
      requestId: `${this.process.name} ${this.#requests}`,
    };
    for (let tries = 0; ; tries += 1) {
      try {
        const offer = await this.#ask(room.reqCreate, wish);
        this.#offered(offer);
        if (!this.#random.chance(0.1)) return;
      } catch (error) {
        // What may have run is asked for again with the same number, as the protocol says.
        const mayAgain = error instanceof CallFailure && error.mayHaveRun && this.#lobby?.ended === undefined;
        if (!mayAgain || tries === 2) throw error;
      }
      if (tries === 2) return;
      await this.#pause(this.#random.between(0, 500));
      if (this.#lobby?.ended !== undefined || !this.#loggedIn) return;
    }
  }

  async #quick(): Promise<void> {
    const capacity = this.#random.pick([undefined, 2, 3]);
    this.#offered(await this.#ask(room.reqQuick, capacity === undefined ? {} : { capacity }));
  }

  async #reserve(): Promise<void> {
    const known = [...this.#talk.rooms];
    if (known.length === 0) return this.#page();
    const roomId = this.#random.pick(known.slice(-6));
    this.#offered(await this.#ask(room.reqReserve, { roomId }));
  }

  #offered({ seat }: ResponseOf<typeof room.reqReserve>): void {
    this.#seat = seat;
    this.#talk.rooms.add(seat.roomId);
    this.#talk.tickets.set(seat.ticket, this.user);
  }

  async #checkIn(): Promise<void> {
    const seat = this.#seat as Seat;
    this.#seat = undefined;
    const { host, port } = this.#lobby?.address ?? { host: '', port: 0 };
    const isHere = host === seat.host && port === seat.port && this.#place === undefined;
    const connection = isHere && this.#random.chance(0.7) ? this.#lobby : await this.#open(seat);
    if (connection === undefined) return;
    if (this.#random.chance(0.05)) await this.#pause(this.#random.between(0, 6_000));
    const { ticket } = seat;
    if (this.#random.chance(0.1)) {
      // Whoever reads a name here trusts the wrong one.
      const forged = { ticket, user: 'somebody', user_name: 'somebody', epoch: 2 ** 50 };
      if (!(await connection.callRaw(room.reqCheckin, forged))) return;
    } else await connection.call(room.reqCheckin, { ticket });
    this.#place = { roomId: seat.roomId, connection };
    // A ticket that was used must not lead in again.
    if (this.#random.chance(0.1)) await connection.call(room.reqCheckin, { ticket });
  }

  /** A ticket that somebody else got, on a connection on which this user is known: it must be refused. */
  async #stealTicket(): Promise<void> {
    const others = [...this.#talk.tickets].slice(-8).filter(([, user]) => user !== this.user);
    if (others.length === 0) return;
    const [ticket] = this.#random.pick(others);
    await this.#lobby?.call(room.reqCheckin, { ticket });
  }

  /** Back to the same room by a fresh ticket: the older connection to it is replaced. */
  async #freshTicket(): Promise<void> {
    const { roomId } = this.#place as Place;
    this.#offered(await this.#ask(room.reqReserve, { roomId }));
    await this.#checkIn();
  }

  async #chat(): Promise<void> {
    const { connection } = this.#place as Place;
    const lines = this.#random.chance(0.2) ? 4 : 1;
    const filler = this.#random.chance(0.3) ? ' bla'.repeat(200) : '';
    const sent: Promise<unknown>[] = [];
    for (let nth = 0; nth < lines; nth += 1) {
      this.#said += 1;
      sent.push(connection.call(room.reqChat, { text: `${this.process.name} says ${this.#said}${filler}` }));
    }
    await Promise.allSettled(sent);
    await sent[0];
  }

  /** Long lines, one after another: whoever does not read them has too much of it. */
  async #rant(): Promise<void> {
    const { connection } = this.#place as Place;
    for (let nth = 0; nth < 8 && connection.ended === undefined; nth += 1) {
      this.#said += 1;
      await connection.call(room.reqChat, {
        text: `${this.process.name} says ${this.#said}${' bla'.repeat(200)}`,
      });
    }
  }

  async #changeRooms(): Promise<void> {
    await (this.#random.chance(0.5) ? this.#quick() : this.#reserve());
    if (this.#seat !== undefined) await this.#checkIn();
  }

  async #leave(): Promise<void> {
    const { connection } = this.#place as Place;
    await connection.call(room.reqLeave, {});
    this.#place = undefined;
  }

  #ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return (this.#lobby as BotConnection).call(topic, request);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.process.clock.setTimer(ms, resolve));
  }
}
