/**
 * A user that is played by a program: a name, a connection to a front, a second one where its room is elsewhere, and what it does on
 * them, a verb each. It knows no flow: `run-flow.ts` tells it what to do. Every verb rejects with a `LinkError` where the server, or
 * the connection, says no.
 */
import type { Address, Frame } from '@lobby/net-frame';
import { auth, decodePayload, room as words } from '@lobby/protocol';
import type { CallTopic, MessageTopic, PayloadOf, ResponseOf, Topic } from '@lobby/protocol';
import { machineNow } from '../figures/machine-time.ts';
import { count } from '../figures/tally.ts';
import { chatText, sentAtMs } from './chat-text.ts';
import type { ChatShape } from './chat-text.ts';
import type { Group } from './group.ts';
import { Link, LinkError } from './link.ts';
import { Membership } from './room-ledger.ts';
import type { World } from './world.ts';

type Seat = ResponseOf<typeof words.reqReserve>['seat'];
export type RoomWish = Partial<PayloadOf<typeof words.reqCreate>>;
export type QuickWish = PayloadOf<typeof words.reqQuick>;

/** A message that somebody waits for. */
interface Awaited {
  readonly topic: Topic;
  readonly fits: (payload: unknown) => boolean;
  readonly resolve: (payload: unknown) => void;
}

const CHAT_NUMBER = words.synChat.number;
const messageNames = new Map(
  [words.synEnter, words.synClose, auth.synKickout].map(({ number, name }) => [number, name]),
);

export class Bot {
  readonly name: string;
  readonly group: Group;
  /** The first of its group. */
  readonly isFirst: boolean;
  readonly #world: World;
  #lobby: Link | undefined;
  #lobbyAddress: Address | undefined;
  /** A connection to a room elsewhere. */
  #elsewhere: Link | undefined;
  #loggedIn = false;
  #arrived = false;
  #seat: Seat | undefined;
  #membership: Membership | undefined;
  #awaited: Awaited[] = [];

  constructor(
    world: World,
    { name, group, isFirst }: { readonly name: string; readonly group: Group; readonly isFirst: boolean },
  ) {
    this.#world = world;
    this.name = name;
    this.group = group;
    this.isFirst = isFirst;
  }

  get membership(): Membership | undefined {
    return this.#membership;
  }

  /** Calls without an answer. */
  get openCalls(): number {
    return (this.#lobby?.openCalls ?? 0) + (this.#elsewhere?.openCalls ?? 0);
  }

  /** Its ramp is over, if it was not before. */
  arrive(): void {
    if (!this.#arrived) this.#world.tally.totals.arrived += 1;
    this.#arrived = true;
  }

  /** To a front of its group's choice, or to where the group's room is, as soon as that is known. */
  async connect(to: 'front' | 'room' = 'front'): Promise<void> {
    const { fronts } = this.#world;
    const front = fronts[this.group.index % fronts.length] as Address;
    const address = to === 'front' ? front : (await this.group.room).address;
    this.#lobby?.end();
    this.#lobbyAddress = address;
    this.#lobby = await this.#open(address, () => {
      this.#setLoggedIn(false);
      if (this.#elsewhere === undefined) this.#leaveRoom();
    });
  }

  /** Ends every connection, without a word. */
  disconnect(): void {
    this.#lobby?.end();
    this.#elsewhere?.end();
  }

  async login(): Promise<void> {
    const token = await this.#world.tokenOf(this.name);
    const { seat } = await this.#ask(auth.reqLogin, { token });
    this.#seat = seat;
    this.#world.tally.totals.logins += 1;
    this.#setLoggedIn(true);
  }

  async logout(): Promise<void> {
    await this.#ask(auth.reqLogout, {});
    this.#setLoggedIn(false);
    this.#leaveRoom();
  }

  /** Makes a room for its group, with as many seats as the group has bots unless `wish` says otherwise. */
  async create(wish: RoomWish): Promise<void> {
    const { room, seat } = await this.#ask(words.reqCreate, {
      title: `${this.name}'s`,
      capacity: this.group.size,
      ...wish,
    });
    this.#seat = seat;
    this.#world.roomOf(room.roomId, { whole: wish.private === true });
    const { roomId, host, port } = seat;
    this.group.share({ roomId, address: { host, port } });
  }

  /** A seat in the group's room, as soon as that is known. */
  async reserve(): Promise<void> {
    const { roomId } = await this.group.room;
    this.#seat = (await this.#ask(words.reqReserve, { roomId })).seat;
  }

  async quick(wish: QuickWish): Promise<void> {
    this.#seat = (await this.#ask(words.reqQuick, wish)).seat;
  }

  /** Takes the seat that it has reserved, on a connection of its own where that leads elsewhere. */
  async checkin(): Promise<void> {
    const seat = this.#seat;
    if (seat === undefined)
      throw new LinkError('no_seat', 'a check-in needs a seat: create, reserve or quick');
    const { ticket, roomId, host, port } = seat;
    if (host !== this.#lobbyAddress?.host || port !== this.#lobbyAddress.port)
      this.#elsewhere = await this.#open({ host, port }, () => {
        this.#elsewhere = undefined;
        this.#leaveRoom();
      });
    await this.#ask(words.reqCheckin, { ticket }, this.#roomLink());
    this.#seat = undefined;
    this.#leaveRoom();
    this.#membership = new Membership(this.#world.roomOf(roomId));
    const { totals } = this.#world.tally;
    totals.checkins += 1;
    totals.inRooms += 1;
    this.arrive();
  }

  async chat(shape: ChatShape): Promise<void> {
    const { totals } = this.#world.tally;
    const room = this.#membership?.room;
    totals.chatsSent += 1;
    if (room !== undefined) room.sent += 1;
    const { id } = await this.#ask(words.reqChat, { text: chatText(machineNow(), shape) }, this.#roomLink());
    totals.chatsAcknowledged += 1;
    if (room !== undefined && id > room.acknowledged) room.acknowledged = id;
  }

  /** Whether there is a connection on which it could be in its room. */
  get isConnected(): boolean {
    return (this.#elsewhere ?? this.#lobby)?.isOpen === true;
  }

  /** Bytes of one's own, on the connection to its room; answers to them are passed over. False where they were not sent. */
  write(bytes: Uint8Array): boolean {
    return this.#roomLink().write(bytes);
  }

  async leave(): Promise<void> {
    const membership = this.#membership;
    const due = membership?.room.acknowledged ?? 0;
    await this.#ask(words.reqLeave, {}, this.#roomLink());
    this.#world.tally.totals.lost += membership?.missing(due) ?? 0;
    this.#elsewhere?.end();
    this.#leaveRoom();
  }

  /** Any call, on the connection to its room while it is in one. */
  call(topic: CallTopic<object>, payload: object): Promise<unknown> {
    return this.#ask(topic, payload, this.#membership === undefined ? undefined : this.#roomLink());
  }

  send(topic: MessageTopic<object>, payload: object): void {
    (this.#elsewhere ?? this.#lobby)?.send(topic, payload);
  }

  /** The next message of this topic whose payload `fits`; one that came before is not seen. Never rejects. */
  next(
    topic: Topic,
    fits: (payload: unknown) => boolean,
  ): { readonly found: Promise<unknown>; cancel(): void } {
    const { promise: found, resolve } = Promise.withResolvers<unknown>();
    const awaited: Awaited = { topic, fits, resolve };
    this.#awaited.push(awaited);
    return { found, cancel: () => this.#forget(awaited) };
  }

  /** Stops reading, on all connections. */
  pause(): void {
    this.#lobby?.pause();
    this.#elsewhere?.pause();
  }

  #roomLink(): Link {
    const link = this.#elsewhere ?? this.#lobby;
    if (link === undefined) throw new LinkError('not_connected', 'there is no connection: connect first');
    return link;
  }

  async #open(to: Address, ended: () => void): Promise<Link> {
    const { tally, keeper } = this.#world;
    const sinceMs = performance.now();
    let isOpen = false;
    const link = await Link.open({
      to,
      from: this.#world.nextAddress(),
      keeper,
      onMessage: (frame) => this.#hear(frame),
      onEnd: (code) => {
        if (!isOpen) return;
        tally.totals.connections -= 1;
        if (code !== 'client_closed') this.#world.disconnected(code);
        ended();
      },
    });
    isOpen = true;
    tally.totals.connections += 1;
    tally.connectMs.add(performance.now() - sinceMs);
    return link;
  }

  async #ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    link = this.#lobby,
  ): Promise<Response> {
    if (link === undefined)
      throw new LinkError('not_connected', `${topic.name} needs a connection: connect first`);
    const { tally } = this.#world;
    tally.totals.calls += 1;
    const sinceMs = performance.now();
    const reply = await link.call(topic, payload);
    tally.callMs.add(performance.now() - sinceMs);
    return reply;
  }

  #hear(frame: Frame): void {
    const { topic: number, payload } = frame;
    if (number === CHAT_NUMBER) this.#hearChat(payload);
    else this.#count(number, payload);
    if (number === words.synClose.number) this.#leaveRoom();
    if (this.#awaited.length === 0) return;
    for (const awaited of this.#awaited.filter(({ topic }) => topic.number === number)) {
      const said = decodePayload(awaited.topic, payload);
      if (!awaited.fits(said)) continue;
      this.#forget(awaited);
      awaited.resolve(said);
    }
  }

  #hearChat(payload: Uint8Array): void {
    const { tally } = this.#world;
    const { id, text } = decodePayload(words.synChat, payload);
    const stamp = sentAtMs(text);
    if (stamp !== undefined) tally.deliveryMs.add(Math.max(0, machineNow() - stamp));
    tally.totals.deliveries += 1;
    const loss = this.#membership?.delivered(id);
    if (loss === undefined) return;
    tally.totals.lost += loss.lost;
    tally.totals.disordered += loss.disordered;
  }

  #count(number: number, payload: Uint8Array): void {
    const { messages } = this.#world.tally;
    if (number === words.synLeave.number) {
      const { reason } = decodePayload(words.synLeave, payload);
      count(messages, `${words.synLeave.name}: ${reason}`);
    } else count(messages, messageNames.get(number) ?? `topic ${number}`);
  }

  #forget(awaited: Awaited): void {
    this.#awaited = this.#awaited.filter((other) => other !== awaited);
  }

  #setLoggedIn(loggedIn: boolean): void {
    if (this.#loggedIn !== loggedIn) this.#world.tally.totals.loggedIn += loggedIn ? 1 : -1;
    this.#loggedIn = loggedIn;
  }

  #leaveRoom(): void {
    const room = this.#membership?.room;
    if (room === undefined) return;
    this.#membership = undefined;
    room.members -= 1;
    this.#world.tally.totals.inRooms -= 1;
    this.#world.vacated(room);
  }
}
