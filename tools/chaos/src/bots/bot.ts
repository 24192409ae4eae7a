/**
 * A user: connects, logs in, and does at random what users do, some of it twice and some of it never to its end. It owns its
 * connections, knows where it is logged in and which room it is in, and judges nothing: what it asks and is told is in the history.
 *
 *     run() ──▶ acting ── rest() ──▶ idle, its connections stay ── end() ──▶ gone
 */
import { auth, room } from '@lobby/protocol';
import type { CallTopic, PayloadOf, Seat } from '@lobby/protocol';
import type { Recorder } from '../history/recorder.ts';
import type { Chance } from '@lobby/players';
import { FORGERIES } from './forgeries.ts';
import { Link } from './link.ts';
import type { Outcome } from './link.ts';
import { doorOf } from './town.ts';
import type { Door, Town } from './town.ts';

export interface BotOptions {
  readonly name: string;
  readonly town: Town;
  readonly random: Chance;
  readonly recorder: Recorder;
  /** Milliseconds between two acts, on the average. */
  readonly paceMs: number;
}

/** Where it is checked in. */
interface Place {
  readonly link: Link;
  readonly roomId: string;
}

type Act = () => Promise<void>;
type RoomWish = PayloadOf<typeof room.reqCreate>;

const MOST_LINKS = 6;
const CAPACITIES = [1, 2, 3, 5, 8] as const;

export class Bot {
  readonly name: string;
  readonly #options: BotOptions;
  readonly #links = new Set<Link>();
  /** The connection of the newest login. */
  #lobby: Link | undefined;
  #loggedIn = false;
  #place: Place | undefined;
  /** The way back, as the newest login told it. */
  #wayBack: Seat | undefined;
  /** A creation whose outcome is unknown: it is asked for again. */
  #unsettled: RoomWish | undefined;
  #said = 0;
  #wishes = 0;
  #resting = false;
  #wake: (() => void) | undefined;
  #acting: Promise<void> = Promise.resolve();

  constructor(options: BotOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Acts until it is told to rest. */
  run(): void {
    this.#acting = this.#act();
  }

  /** Does nothing any more; resolves when what it had begun is settled. */
  async rest(): Promise<void> {
    this.#resting = true;
    this.#wake?.();
    await this.#acting;
  }

  end(): void {
    for (const link of this.#links) link.end();
  }

  async #act(): Promise<void> {
    const { random } = this.#options;
    while (!this.#resting) {
      await this.#pause();
      if (this.#resting) break;
      if (this.#lobby?.isOpen !== true || !this.#loggedIn) await this.#arrive();
      else if (this.#here !== undefined) await random.weighted(this.#actsInRoom())();
      else await random.weighted(this.#actsOutside())();
    }
  }

  #actsOutside(): readonly (readonly [number, Act])[] {
    return [
      [18, () => this.#create()],
      [14, () => this.#quick()],
      [36, () => this.#reserve()],
      [8, () => this.#ask(room.reqPage, { page: 1, pageSize: 10 })],
      [6, () => this.#loginAgain()],
      [5, () => this.#drop()],
      [4, () => this.#logout()],
      [3, () => this.#forge()],
    ];
  }

  #actsInRoom(): readonly (readonly [number, Act])[] {
    return [
      [60, () => this.#chat()],
      [8, () => this.#leave()],
      [5, () => this.#dropPlace()],
      [4, () => this.#loginAgain()],
      [3, () => this.#drop()],
      [2, () => this.#logout()],
      [3, () => this.#checkInAgain()],
      [3, () => this.#reserve()],
      [4, () => this.#ask(room.reqPage, { page: 1, pageSize: 10 })],
      [2, () => this.#forge()],
    ];
  }

  get #here(): Place | undefined {
    if (this.#place?.link.isOpen === false) this.#place = undefined;
    return this.#place;
  }

  /** Logs in anywhere, on a connection that it has or on a new one; goes back to its seat, and asks again what it does not know. */
  async #arrive(): Promise<void> {
    const { town, random } = this.#options;
    const link = this.#lobby?.isOpen === true ? this.#lobby : await this.#open(random.pick(town.lobbies));
    if (link === undefined || !(await this.#login(link))) return;
    if (this.#wayBack !== undefined && random.chance(0.8)) await this.#checkIn(this.#wayBack);
    if (this.#unsettled !== undefined) await this.#create();
  }

  async #login(link: Link): Promise<boolean> {
    const outcome = await link.call(auth.reqLogin, { token: await this.#options.town.tokenOf(this.name) });
    if (outcome.kind !== 'reply') return false;
    this.#lobby = link;
    this.#loggedIn = true;
    this.#wayBack = outcome.reply.seat;
    return true;
  }

  /** The same user once more, on another connection; then the older login is tried, which must be over. */
  async #loginAgain(): Promise<void> {
    const { town, random } = this.#options;
    const older = this.#lobby;
    const link = await this.#open(random.pick(town.lobbies));
    if (link === undefined || !(await this.#login(link))) return;
    if (older !== undefined && older !== link) await older.call(room.reqPage, { page: 1, pageSize: 1 });
    if (this.#wayBack !== undefined && random.chance(0.7)) await this.#checkIn(this.#wayBack);
  }

  async #create(): Promise<void> {
    const { random, town } = this.#options;
    const wish = (this.#unsettled ??= {
      title: `of ${this.name}`,
      capacity: random.pick(CAPACITIES),
      requestId: `${this.name}-${(this.#wishes += 1)}`,
    });
    const outcome = await this.#lobby?.call(room.reqCreate, wish);
    const isUnknown =
      outcome?.kind === 'ended' || (outcome?.kind === 'failure' && outcome.failure.mayHaveRun);
    // Sometimes it asks again although it knows, and must be given the same room.
    if (!isUnknown && !random.chance(0.1)) this.#unsettled = undefined;
    if (outcome?.kind !== 'reply') return;
    town.talk.hearsOfRoom(outcome.reply.room.roomId);
    await this.#takes(outcome.reply.seat);
  }

  async #quick(): Promise<void> {
    const outcome = await this.#lobby?.call(room.reqQuick, {
      capacity: this.#options.random.pick(CAPACITIES),
    });
    if (outcome?.kind === 'reply') await this.#takes(outcome.reply.seat);
  }

  /** A seat of some room, of its own too. */
  async #reserve(): Promise<void> {
    const { random, town } = this.#options;
    if (town.talk.rooms.length === 0) return this.#create();
    const outcome = await this.#lobby?.call(room.reqReserve, { roomId: random.pick(town.talk.rooms) });
    if (outcome?.kind === 'reply') await this.#takes(outcome.reply.seat);
  }

  /** Mostly checks in at once, sometimes late, sometimes never, sometimes twice with one ticket. */
  async #takes(seat: Seat): Promise<void> {
    const { random } = this.#options;
    if (random.chance(0.08)) return;
    if (random.chance(0.08)) await this.#pause(4);
    await this.#checkIn(seat);
    if (random.chance(0.05)) await this.#checkIn(seat);
  }

  async #checkIn(seat: Seat): Promise<void> {
    const door = doorOf(this.#options.town, seat);
    if (door === undefined) return;
    this.#wayBack = undefined;
    const shared = this.#lobby?.isOpen === true && this.#lobby.node === door.node ? this.#lobby : undefined;
    const link = shared ?? (await this.#open(door));
    if (link === undefined) return;
    const before = this.#place;
    const outcome = await link.call(room.reqCheckin, { ticket: seat.ticket });
    if (outcome.kind === 'reply' && link.isOpen) {
      this.#place = { link, roomId: outcome.reply.room.roomId };
      if (before !== undefined && before.link !== link && before.link !== this.#lobby) before.link.end();
    } else if (link !== shared) link.end();
  }

  /** A fresh ticket of the room in which it is, for another connection to it or for the same one. */
  async #checkInAgain(): Promise<void> {
    const place = this.#here;
    if (place === undefined) return;
    const outcome = await this.#lobby?.call(room.reqReserve, { roomId: place.roomId });
    if (outcome?.kind === 'reply') await this.#checkIn(outcome.reply.seat);
  }

  async #chat(): Promise<void> {
    this.#said += 1;
    await this.#here?.link.call(room.reqChat, { text: `${this.name} says ${this.#said}` });
  }

  async #leave(): Promise<void> {
    const place = this.#here;
    const outcome = await place?.link.call(room.reqLeave, {});
    if (outcome?.kind === 'reply' && this.#place === place) this.#place = undefined;
    if (place !== undefined && place.link !== this.#lobby) place.link.end();
  }

  async #dropPlace(): Promise<void> {
    const { random } = this.#options;
    const place = this.#here;
    place?.link.end({ reset: random.chance(0.5) });
    await this.#pause(2);
    if (place === undefined || this.#lobby?.isOpen !== true) return;
    const outcome = await this.#lobby.call(room.reqReserve, { roomId: place.roomId });
    if (outcome.kind === 'reply') await this.#checkIn(outcome.reply.seat);
  }

  async #drop(): Promise<void> {
    const { random } = this.#options;
    for (const link of this.#links) link.end({ reset: random.chance(0.5) });
    this.#loggedIn = false;
    await this.#pause(3);
  }

  async #logout(): Promise<void> {
    const link = this.#lobby;
    const outcome = await link?.call(auth.reqLogout, {});
    if (outcome?.kind === 'reply') this.#loggedIn = false;
    else link?.end();
  }

  /** What no client may say. */
  async #forge(): Promise<void> {
    const { random, town } = this.#options;
    const { topic, payload } = random.pick(FORGERIES)(this.name, random.pick(town.talk.rooms.concat('none')));
    await this.#lobby?.call(topic, payload, { forged: true });
  }

  async #ask<Request extends object>(topic: CallTopic<Request, unknown>, request: Request): Promise<void> {
    const outcome: Outcome<unknown> | undefined = await this.#lobby?.call(topic, request);
    if (outcome?.kind !== 'reply' || topic !== (room.reqPage as unknown)) return;
    const { rooms } = outcome.reply as { rooms: { roomId: string }[] };
    for (const { roomId } of rooms) this.#options.town.talk.hearsOfRoom(roomId);
  }

  async #open({ node, address }: Door): Promise<Link | undefined> {
    const { recorder } = this.#options;
    if (this.#links.size >= MOST_LINKS) for (const link of this.#links) link.end();
    const link: Link | undefined = await Link.open({
      bot: this.name,
      node,
      address,
      recorder,
      heard: (topic) => {
        if (topic === 'room.syn_close' && this.#place?.link === link) this.#place = undefined;
      },
      ended: () => {
        if (link === undefined) return;
        this.#links.delete(link);
        if (this.#lobby === link) this.#loggedIn = false;
      },
    });
    if (link?.isOpen === true) this.#links.add(link);
    return link;
  }

  async #pause(times = 1): Promise<void> {
    const { random, paceMs } = this.#options;
    const ms = times * paceMs * (0.25 + 1.5 * random.fraction());
    if (this.#resting) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
