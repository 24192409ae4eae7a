/**
 * Rooms in memory: one room-master, any number of room-runners, a lobby-runner that is a link and nothing
 * more, and clients. Masters and runners can be killed and started anew.
 */
import { Announcement, frontParts } from '@lobby/discovery';
import type { BackLink } from '@lobby/discovery';
import { TestCluster } from '@lobby/discovery/testing';
import type { TestClient, TestNode } from '@lobby/discovery/testing';
import type { Address } from '@lobby/net-frame';
import { room, service } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, Seat } from '@lobby/protocol';
import type { ServerPulse } from '@lobby/pulse';
import { RoomMaster, RoomRunner } from '../../src/index.ts';
import type { Asker, RoomMasterOptions, RoomRunnerOptions, RoomWish } from '../../src/index.ts';

export const ROOM_MASTER = { host: 'room-master', port: 7200 };
/** Time in which a link that can come up does, and all that follows from it. */
export const RECOVERY_MS = 3_000;
export const SEAT_MS = 15_000;
export const GRACE_MS = 20_000;
export const EMPTY_MS = 30_000;

export type Offer = ResponseOf<typeof room.reqReserveF2b>;
type Wish = Partial<RoomWish>;

/** A room-runner with its process. */
export interface Runner {
  readonly node: TestNode;
  readonly address: Address;
  readonly port: ServerPulse;
  readonly link: BackLink;
  readonly service: RoomRunner;
  /** As after SIGTERM. */
  readonly stop: () => Promise<void>;
}

export interface Master {
  readonly node: TestNode;
  readonly port: ServerPulse;
  readonly service: RoomMaster;
}

export class RoomWorld {
  readonly cluster = new TestCluster();
  readonly clock = this.cluster.clock;
  readonly runners: Runner[] = [];
  /** The lobby-runner's link to room-master. */
  readonly lobby: BackLink;
  readonly #epochs = new Map<string, number>();
  #master: Master | undefined;
  #requests = 0;

  private constructor() {
    const node = this.cluster.node('lobby-runner');
    this.lobby = node.link('room-master', ROOM_MASTER);
    new Announcement({
      link: this.lobby,
      say: service.synLobbyRunnerUp,
      hear: service.synRoomMasterUp,
      payload: () => ({ ...node.identity, version: '1', load: {}, draining: false }),
    });
  }

  static async start({ runners = 1 } = {}): Promise<RoomWorld> {
    const world = new RoomWorld();
    await world.startMaster();
    world.lobby.start();
    for (let nth = 0; nth < runners; nth += 1) await world.startRunner();
    await world.clock.advance(RECOVERY_MS);
    return world;
  }

  get master(): Master {
    if (this.#master === undefined) throw new Error('no room-master was started');
    return this.#master;
  }

  async startMaster(options: Partial<RoomMasterOptions> = {}): Promise<Master> {
    const node = this.cluster.node('room-master');
    const port = node.servicePort(ROOM_MASTER);
    const master = {
      node,
      port,
      service: new RoomMaster({ port, clock: this.clock, identity: node.identity, version: '1', ...options }),
    };
    this.#master = master;
    await port.start();
    return master;
  }

  async killMaster(): Promise<void> {
    this.master.node.kill();
    await this.clock.settle();
  }

  /** A master of no memory takes the place of the one that is killed. */
  async restartMaster(): Promise<void> {
    await this.killMaster();
    await this.startMaster();
    await this.clock.advance(RECOVERY_MS);
  }

  async startRunner(options: Partial<RoomRunnerOptions> = {}): Promise<Runner> {
    const nth = this.runners.length + 1;
    const node = this.cluster.node('room-runner', `room-runner-${nth}`);
    const address = { host: `rooms-${nth}`, port: 7400 };
    const port = node.clientPort(address);
    const link = node.link('room-master', ROOM_MASTER);
    const service = new RoomRunner({
      front: port,
      roomMaster: link,
      platform: node.platform,
      identity: node.identity,
      version: '1',
      address: () => address,
      ...options,
    });
    const parts = frontParts({ port, links: [link], services: [service] });
    const stop = async (): Promise<void> => {
      for (const part of [...parts].reverse()) await part.stop();
    };
    const runner = { node, address, port, link, service, stop };
    for (const part of parts) await part.start();
    await this.clock.settle();
    this.runners.push(runner);
    return runner;
  }

  /** The runner that was started as the n-th, from 0. */
  runner(nth = 0): Runner {
    const runner = this.runners[nth];
    if (runner === undefined) throw new Error(`there is no runner ${nth}`);
    return runner;
  }

  /** The runner of a seat. */
  runnerOf({ host }: Pick<Seat, 'host'>): Runner {
    const runner = this.runners.find(({ address, node }) => address.host === host && node.alive);
    if (runner === undefined) throw new Error(`no runner is at ${host}`);
    return runner;
  }

  settled<T>(promise: Promise<T>): Promise<T> {
    return this.cluster.settled(promise);
  }

  /** The user has logged in anew: a larger epoch. */
  loginAgain(user: string): Asker {
    const epoch = (this.#epochs.get(user) ?? 0) + 1;
    this.#epochs.set(user, epoch);
    return { user, epoch };
  }

  /** The user's login of now. */
  asker(user: string): Asker {
    const epoch = this.#epochs.get(user);
    return epoch === undefined ? this.loginAgain(user) : { user, epoch };
  }

  // What a lobby-runner asks in the name of a user. All of them reject with a `CallFailure`.

  create(user: string, wish: Wish = {}): Promise<Offer> {
    const whole = { title: `${user}'s room`, capacity: 4, ...wish };
    return this.lobby.call(room.reqCreateF2b, { ...this.asker(user), ...whole });
  }

  reserve(user: string, roomId: string): Promise<Offer> {
    return this.lobby.call(room.reqReserveF2b, { ...this.asker(user), roomId });
  }

  quick(
    user: string,
    wish: Omit<PayloadOf<typeof room.reqQuickF2b>, keyof Asker> = {},
  ): Promise<ResponseOf<typeof room.reqQuickF2b>> {
    return this.lobby.call(room.reqQuickF2b, { ...this.asker(user), ...wish });
  }

  page(
    request: PayloadOf<typeof room.reqPageF2b> = { page: 1 },
  ): Promise<ResponseOf<typeof room.reqPageF2b>> {
    return this.lobby.call(room.reqPageF2b, request);
  }

  /** The way back to the seat that the user holds. */
  async wayBack(asker: Asker): Promise<Seat | undefined> {
    return (await this.lobby.call(room.reqSeatF2b, asker)).seat;
  }

  /** The login is over. */
  gone(asker: Asker, code: string): Promise<object> {
    return this.lobby.call(room.reqGoneF2b, { ...asker, code, message: 'a test' });
  }

  // Clients.

  client(seat: Pick<Seat, 'host' | 'port'>): Promise<TestClient> {
    return this.cluster.client(seat);
  }

  /** A client who has checked in. */
  async enter(seat: Seat): Promise<TestClient> {
    const client = await this.client(seat);
    await this.settled(client.call(room.reqCheckin, { ticket: seat.ticket }));
    return client;
  }

  /** A room with these users in it, the first as its creator. */
  async roomOf(...users: [string, ...string[]]): Promise<{ roomId: string; members: TestClient[] }> {
    const [creator, ...others] = users;
    const offer = await this.settled(this.create(creator, { requestId: `room ${(this.#requests += 1)}` }));
    const { roomId } = offer.room;
    const members = [await this.enter(offer.seat)];
    for (const user of others)
      members.push(await this.enter((await this.settled(this.reserve(user, roomId))).seat));
    return { roomId, members };
  }

  // What the services know, in a form that can be compared.

  /** Rooms as room-master has them. */
  get books(): object[] {
    return [...this.master.service.listing().items]
      .map(({ roomId, users, held, front, capacity }) => ({ roomId, users, held, front, capacity }))
      .sort(byRoomId);
  }

  /** Rooms as the runners that live have them. */
  get rooms(): object[] {
    return this.runners
      .filter(({ node }) => node.alive)
      .flatMap(({ node, service: runner }) =>
        [...runner.listing().items].map(({ roomId, users, held, capacity }) => ({
          roomId,
          users,
          held,
          front: node.identity.node,
          capacity,
        })),
      )
      .sort(byRoomId);
  }

  /** Seats that all runners hold. */
  get held(): number {
    return this.runners.reduce((sum, { node, service: runner }) => sum + (node.alive ? runner.held : 0), 0);
  }
}

function byRoomId(a: { readonly roomId: string }, b: { readonly roomId: string }): number {
  return a.roomId < b.roomId ? -1 : 1;
}
