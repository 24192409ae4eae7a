/**
 * A user that is played by a program: a `User` whose every step is counted. It knows no flow: `run-flow.ts`
 * tells it what to do. Every verb rejects with a `LinkError` where the server, or the connection, says no.
 */
import type { Address, Frame } from '@lobby/net-frame';
import { User } from '@lobby/players';
import type { QuickWish, RoomWish } from '@lobby/players';
import { auth, decodePayload, room as words } from '@lobby/protocol';
import type { CallTopic, MessageTopic, Topic } from '@lobby/protocol';
import { machineNow } from '../figures/machine-time.ts';
import { count } from '../figures/tally.ts';
import { BotLink } from './bot-link.ts';
import type { BotLinkOwner } from './bot-link.ts';
import { chatText, sentAtMs } from './chat-text.ts';
import type { ChatShape } from './chat-text.ts';
import type { Group } from './group.ts';
import { Membership } from './room-ledger.ts';
import type { World } from './world.ts';

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

export class Bot implements BotLinkOwner {
  readonly group: Group;
  /** The first of its group. */
  readonly isFirst: boolean;
  readonly #world: World;
  readonly #user: User<BotLink>;
  /** Its connections that are not over. */
  readonly #links = new Set<BotLink>();
  #loggedIn = false;
  #arrived = false;
  #membership: Membership | undefined;
  #awaited: Awaited[] = [];

  constructor(
    world: World,
    { name, group, isFirst }: { readonly name: string; readonly group: Group; readonly isFirst: boolean },
  ) {
    this.#world = world;
    this.group = group;
    this.isFirst = isFirst;
    this.#user = new User(name, (to) => this.#open(to));
  }

  get name(): string {
    return this.#user.name;
  }

  get membership(): Membership | undefined {
    return this.#membership;
  }

  /** Calls without an answer. */
  get openCalls(): number {
    let calls = 0;
    for (const link of this.#links) calls += link.openCalls;
    return calls;
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
    this.#user.lobby?.close();
    this.#setLoggedIn(false);
    await this.#user.connect(address);
  }

  /** Ends every connection, without a word. */
  disconnect(): void {
    for (const link of this.#links) link.close();
  }

  async login(): Promise<void> {
    await this.#user.login({ token: await this.#world.tokenOf(this.name) });
    this.#world.tally.totals.logins += 1;
    this.#setLoggedIn(true);
  }

  async logout(): Promise<void> {
    await this.#user.logout();
    this.#setLoggedIn(false);
    this.#leaveRoom();
  }

  /** Makes a room for its group, with as many seats as the group has bots unless `wish` says otherwise. */
  async create(wish: Partial<RoomWish>): Promise<void> {
    const { room, seat } = await this.#user.create({
      title: `${this.name}'s`,
      capacity: this.group.size,
      ...wish,
    });
    this.#world.roomOf(room.roomId, { whole: wish.private === true });
    const { roomId, host, port } = seat;
    this.group.share({ roomId, address: { host, port } });
  }

  /** A seat in the group's room, as soon as that is known. */
  async reserve(): Promise<void> {
    const { roomId } = await this.group.room;
    await this.#user.reserve(roomId);
  }

  async quick(wish: QuickWish): Promise<void> {
    await this.#user.quick(wish);
  }

  /** Takes the seat that it has reserved, on a connection of its own where that leads elsewhere. */
  async checkin(): Promise<void> {
    const { room } = await this.#user.checkIn();
    this.#leaveRoom();
    this.#membership = new Membership(this.#world.roomOf(room.roomId));
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
    const { id } = await this.#user.chat(chatText(machineNow(), shape));
    totals.chatsAcknowledged += 1;
    if (room !== undefined && id > room.acknowledged) room.acknowledged = id;
  }

  /** Whether there is a connection on which it could be in its room. */
  get isConnected(): boolean {
    const link = this.#user.roomConnection;
    return link !== undefined && link.ended === undefined;
  }

  /**
   * Bytes of one's own, on the connection to its room; answers to them are passed over. False where they were
   * not sent.
   */
  write(bytes: Uint8Array): boolean {
    return this.#user.roomConnection?.write(bytes) === true;
  }

  async leave(): Promise<void> {
    const membership = this.#membership;
    const due = membership?.room.acknowledged ?? 0;
    const link = this.#user.roomConnection;
    await this.#user.leave();
    this.#world.tally.totals.lost += membership?.missing(due) ?? 0;
    if (link !== this.#user.lobby) link?.close();
    this.#leaveRoom();
  }

  /** Any call, on the connection to its room while it is in one. */
  call(topic: CallTopic<object>, payload: object): Promise<unknown> {
    const { lobby, roomConnection } = this.#user;
    return this.#user.askOn(this.#membership === undefined ? lobby : roomConnection, topic, payload);
  }

  send(topic: MessageTopic<object>, payload: object): void {
    this.#user.roomConnection?.send(topic, payload);
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
    for (const link of this.#links) link.pause();
  }

  /** Of one of its connections. */
  ended(link: BotLink): void {
    this.#links.delete(link);
    const { lobby, place } = this.#user;
    if (link === lobby) this.#setLoggedIn(false);
    if (link !== (place?.connection ?? lobby)) return;
    this.#user.place = undefined;
    this.#leaveRoom();
  }

  /** A message on one of its connections. */
  hear(frame: Frame): void {
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

  async #open(to: Address): Promise<BotLink> {
    const link = await BotLink.open(this.#world, this, to);
    this.#links.add(link);
    return link;
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
