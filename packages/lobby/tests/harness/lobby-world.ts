/**
 * A lobby in memory: one lobby-master, any number of fronts, a room-master that is made up, and clients.
 * Masters and fronts can be killed and started anew.
 */
import { TestCluster } from '@lobby/discovery/testing';
import type { TestClient, TestNode } from '@lobby/discovery/testing';
import type { BackLink } from '@lobby/discovery';
import type { Address } from '@lobby/net-frame';
import { auth } from '@lobby/protocol';
import type { ResponseOf } from '@lobby/protocol';
import type { ServerPulse } from '@lobby/pulse';
import { LobbyMaster, LobbyRunner } from '../../src/index.ts';
import type { LobbyMasterOptions, LobbyRunnerOptions } from '../../src/index.ts';
import { FakeRoomMaster, ROOM_MASTER } from './fake-room-master.ts';
import { MemoryAccounts, plainTokens, tokenOf } from './memory-accounts.ts';

export const LOBBY_MASTER = { host: 'lobby-master', port: 7100 };
/** Time in which a link that can come up does, and all that follows from it. */
export const RECOVERY_MS = 3_000;

export type Login = ResponseOf<typeof auth.reqLogin>;

/** A lobby-runner with its process. */
export interface Front {
  readonly node: TestNode;
  readonly address: Address;
  readonly port: ServerPulse;
  readonly runner: LobbyRunner;
  readonly lobbyMaster: BackLink;
  readonly roomMaster: BackLink;
}

/** A lobby-master with its process. */
export interface Master {
  readonly node: TestNode;
  readonly port: ServerPulse;
  readonly service: LobbyMaster;
}

export class LobbyWorld {
  readonly cluster = new TestCluster();
  readonly clock = this.cluster.clock;
  readonly accounts = new MemoryAccounts();
  readonly fronts: Front[] = [];
  #master: Master | undefined;
  #rooms: FakeRoomMaster | undefined;

  /** Both masters and as many fronts, all ready. */
  static async start({ fronts = 2 } = {}): Promise<LobbyWorld> {
    const world = new LobbyWorld();
    await world.startMaster();
    world.startRoomMaster();
    for (let nth = 0; nth < fronts; nth += 1) await world.startFront();
    return world;
  }

  get master(): Master {
    if (this.#master === undefined) throw new Error('no lobby-master was started');
    return this.#master;
  }

  get rooms(): FakeRoomMaster {
    if (this.#rooms === undefined) throw new Error('no room-master was started');
    return this.#rooms;
  }

  async startMaster(options: Partial<LobbyMasterOptions> = {}): Promise<Master> {
    const node = this.cluster.node('lobby-master');
    const port = node.servicePort(LOBBY_MASTER);
    const service = new LobbyMaster({
      port,
      accounts: this.accounts,
      tokens: plainTokens,
      clock: this.clock,
      identity: node.identity,
      version: '1',
      ...options,
    });
    const master = { node, port, service };
    this.#master = master;
    await service.start();
    await port.start();
    return master;
  }

  startRoomMaster(): FakeRoomMaster {
    this.#rooms = new FakeRoomMaster(this.cluster);
    return this.#rooms;
  }

  async startFront(nth = this.fronts.length + 1, options: Partial<LobbyRunnerOptions> = {}): Promise<Front> {
    const node = this.cluster.node('lobby-runner', `lobby-runner-${nth}`);
    const address = { host: `front-${nth}`, port: 7300 };
    const port = node.clientPort(address);
    const lobbyMaster = node.link('lobby-master', LOBBY_MASTER);
    const roomMaster = node.link('room-master', ROOM_MASTER);
    const runner = new LobbyRunner({
      front: port,
      lobbyMaster,
      roomMaster,
      clock: this.clock,
      identity: node.identity,
      version: '1',
      address: () => address,
      ...options,
    });
    await port.start();
    lobbyMaster.start();
    roomMaster.start();
    await this.clock.settle();
    const front = { node, address, port, runner, lobbyMaster, roomMaster };
    this.fronts.push(front);
    return front;
  }

  /** The front that was started as the n-th, from 0. */
  front(nth: number): Front {
    const front = this.fronts[nth];
    if (front === undefined) throw new Error(`there is no front ${nth}`);
    return front;
  }

  /** A master of no memory takes the place of the one that is killed. */
  async restartMaster(): Promise<Master> {
    this.master.node.kill();
    await this.clock.settle();
    await this.startMaster();
    await this.clock.advance(RECOVERY_MS);
    return this.master;
  }

  client(nth = 0): Promise<TestClient> {
    return this.cluster.client(this.front(nth).address);
  }

  /** Logs in by token; rejects with a `CallFailure`. */
  login(client: TestClient, name: string): Promise<Login> {
    return client.call(auth.reqLogin, { token: tokenOf(name) });
  }

  /** A client who is logged in. */
  async user(name: string, nth = 0): Promise<TestClient> {
    const client = await this.client(nth);
    await this.cluster.settled(this.login(client, name));
    return client;
  }

  /** The names in the master's book, sorted, each with the front and the session that it is said to be on. */
  get book(): string[] {
    return [...this.master.service.listing().items]
      .map(({ name, front, session, epoch }) => `${name} on ${front}/${session} as ${epoch}`)
      .sort();
  }

  /** The same, as the fronts that live have it. */
  get tables(): string[] {
    return this.fronts
      .filter(({ node }) => node.alive)
      .flatMap(({ node, runner }) =>
        [...runner.listing().items].map(
          ({ name, session, epoch }) => `${name} on ${node.identity.node}/${session} as ${epoch}`,
        ),
      )
      .sort();
  }
}
