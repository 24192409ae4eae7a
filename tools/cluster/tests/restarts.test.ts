/** Processes die and come back, and start in any order: what is up finds itself again without help. */

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Failure, LobbyClient } from '@lobby/client';
import type { CallOptions, Seat } from '@lobby/client';
import { runJourney } from '@lobby/demo';
import { APPS, FRONTS, eventually, startCluster } from '../src/index.ts';
import type { AppName, AppProcess, Cluster } from '../src/index.ts';
import { freshName, tokenOf } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';

jest.setTimeout(120_000);

/** What a client waits for the word that a back is away, at most. */
const PROMPT_MS = 1_000;

async function expectJourney(): Promise<void> {
  const { fault } = await runJourney({
    appFront: cluster.app('app-front').address,
    lobbyRunner: cluster.app('lobby-runner').address,
    print: () => undefined,
  });
  expect(fault).toBeUndefined();
}

/** Why an app is not ready; empty when it is. */
async function reasonsOf(app: AppProcess): Promise<string[]> {
  const { status, body } = await app.ask({ path: '/readyz' });
  const { ready, reasons = [] } = body as { ready: boolean; reasons?: string[] };
  expect({ status, ready }).toEqual(
    reasons.length === 0 ? { status: 200, ready: true } : { status: 503, ready: false },
  );
  return reasons;
}

/** Those who talk to an app, and so know whether it is there. */
const COMPANIONS: Readonly<Record<AppName, readonly AppName[]>> = {
  'lobby-master': ['app-front', 'lobby-runner'],
  'room-master': ['app-front', 'lobby-runner', 'room-runner'],
  'app-front': ['lobby-master', 'room-master'],
  'lobby-runner': ['lobby-master', 'room-master'],
  'room-runner': ['room-master'],
};

let cluster: Cluster;
let fronts: AppProcess[];
beforeAll(async () => {
  cluster = await startCluster({ env: { ...PLAYER_SETTINGS, LOBBY_RECOVERY_MS: '3000' }, apps: [] });
  fronts = FRONTS.map((name) => cluster.app(name));
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function kill(name: AppName): Promise<void> {
  cluster.app(name).kill('SIGKILL');
  expect(await cluster.app(name).exited).toEqual({ code: null, signal: 'SIGKILL' });
}

describe('a lobby whose last process to start', () => {
  it.each(APPS)('is %s, is whole then', async (last) => {
    const strangers = [last, ...COMPANIONS[last]];
    for (const name of strangers) if (cluster.app(name).running) await kill(name);
    const others = cluster.apps.filter(({ name }) => name !== last);
    for (const app of others) if (!app.running) app.start();
    await Promise.all(others.map((app) => app.alive()));
    const misses = (app: AppProcess): boolean =>
      last.endsWith('master') && COMPANIONS[last].includes(app.app);
    for (const app of others) {
      if (misses(app)) expect(await reasonsOf(app)).toContainEqual(expect.stringContaining(last));
      else await app.ready();
    }
    cluster.app(last).start();
    await cluster.ready();
    await expectJourney();
  });
});

describe('F1: in a lobby that runs', () => {
  afterEach(async () => {
    for (const app of cluster.apps) if (!app.running) app.start();
    await cluster.ready();
  });

  /** Two users on two fronts, in a room that room-runner holds. */
  async function together(): Promise<AsyncDisposable & { ana: Player; ben: Player; roomId: string }> {
    const ana = await Player.at(cluster.app('app-front'));
    const ben = await Player.at(cluster.app('lobby-runner'));
    const { seat } = await ana.createAt(cluster.app('room-runner'), { title: freshName('together') });
    await ana.enter(seat);
    await ben.join(seat.roomId);
    await ana.hears(`${ben.name} enters`);
    const close = async (): Promise<void> => {
      await Promise.all([ana, ben].map((player) => player[Symbol.asyncDispose]()));
    };
    return { ana, ben, roomId: seat.roomId, [Symbol.asyncDispose]: close };
  }

  async function talk({ ana, ben }: { readonly ana: Player; readonly ben: Player }): Promise<void> {
    const text = freshName('line');
    await ana.member.chat(text);
    await ben.hears(`${ana.name}: ${text}`);
    expect([ana.lobby.isOpen, ben.lobby.isOpen, ana.member.isOpen, ben.member.isOpen]).not.toContain(false);
    expect([...ana.kickouts, ...ben.kickouts]).toEqual([]);
  }

  /** What a call fails with. One that takes as long as a time-out would fails as `deadline`. */
  async function promptFailure(call: (within: CallOptions) => Promise<unknown>): Promise<Failure> {
    const error: unknown = await call({ deadlineMs: PROMPT_MS }).then(
      () => new Error('it succeeded'),
      (reason: unknown) => reason,
    );
    if (error instanceof Failure) return error;
    throw error;
  }

  it.each(APPS)('%s is killed, comes back on its ports, and all is well again', async (name) => {
    await cluster.app(name).restart({ signal: 'SIGKILL' });
    await cluster.ready();
    await expectJourney();
  });

  it('lobby-master is away: who is there stays, a login fails at once, the fronts say why they are not ready', async () => {
    await using pair = await together();
    await using newcomer = await LobbyClient.connect(cluster.app('app-front').address);
    const token = await tokenOf(freshName('newcomer'));
    await kill('lobby-master');
    expect(await promptFailure((within) => newcomer.login({ token }, within))).toMatchObject({
      code: 'backend_unavailable',
    });
    expect(await promptFailure((within) => newcomer.login({ token }, within))).toMatchObject({
      code: 'backend_unavailable',
      mayHaveRun: false,
    });
    for (const name of ['app-front', 'lobby-runner'] as const)
      expect(await reasonsOf(cluster.app(name))).toEqual([
        expect.stringMatching(/^lobby-master is connecting: ./),
      ]);
    expect(await reasonsOf(cluster.app('room-runner'))).toEqual([]);
    await talk(pair);
    await pair.ben.member.leave();
    await pair.ana.hears(`${pair.ben.name} leaves: left`);
    await pair.ben.join(pair.roomId);
    await talk(pair);

    const { name, lobby } = pair.ana;
    const epochBefore = await epochOf(cluster.app('app-front'), name);
    const lobbyMaster = cluster.app('lobby-master');
    lobbyMaster.start();
    await lobbyMaster.alive();
    expect(await reasonsOf(lobbyMaster)).toEqual([expect.stringMatching(/^(starting|recovering: )/)]);
    await eventually('a login works before the recovery is over', async () => {
      await using early = await Player.at(cluster.app('lobby-runner'));
      return early.login.name !== '';
    });
    await cluster.ready();
    await talk(pair);
    expect(await epochOf(cluster.app('lobby-master'), name)).toBe(epochBefore);
    await newcomer.login({ token });
    expect(await cluster.app('lobby-master').admin('/recovery')).toMatchObject({
      state: 'recovered',
      fronts: expect.arrayContaining([
        expect.objectContaining({ node: 'app-front', reported: true, held: { users: 2 } }),
      ]),
    });
    await using newer = await Player.at(cluster.app('lobby-runner'), name);
    expect(await lobby.closed).toMatchObject({ code: 'logged_in_elsewhere', by: 'remote' });
    expect(pair.ana.kickouts.map(({ code }) => code)).toEqual(['logged_in_elsewhere']);
    expect(await epochOf(cluster.app('lobby-master'), newer.name)).toBeGreaterThan(epochBefore);
    expect(newer.login.seat).toMatchObject({ roomId: pair.roomId });
  });

  it('room-master is away: chat and leave go on, what needs it fails at once, and it learns everything again', async () => {
    await using pair = await together();
    await using newcomer = await LobbyClient.connect(cluster.app('lobby-runner').address);
    await using eve = await Player.at(cluster.app('app-front'));
    await kill('room-master');
    const wish = { title: freshName('later'), capacity: 2 };
    const asked = [
      (within: CallOptions) => eve.lobby.createRoom(wish, within),
      (within: CallOptions) => eve.lobby.rooms({}, within),
      (within: CallOptions) => eve.lobby.reserve(pair.roomId, within),
      (within: CallOptions) => eve.lobby.quick({}, within),
    ];
    for (const ask of asked) expect(await promptFailure(ask)).toMatchObject({ code: 'backend_unavailable' });
    for (const front of fronts)
      expect(await reasonsOf(front)).toEqual([expect.stringMatching(/^room-master is connecting: ./)]);
    await talk(pair);
    const token = await tokenOf(freshName('newcomer'));
    expect((await newcomer.login({ token })).seat).toBeUndefined();
    const { title } = pair.ana.member.room;
    await pair.ben.member.leave();
    await pair.ana.hears(`${pair.ben.name} leaves: left`);

    cluster.app('room-master').start();
    await cluster.ready();
    expect(await cluster.app('room-master').admin('/recovery')).toMatchObject({
      state: 'recovered',
      reasons: [],
      fronts: expect.arrayContaining([
        expect.objectContaining({ service: 'room-runner', node: 'room-runner', reported: true }),
      ]),
    });
    const { rooms } = await eve.lobby.rooms({ title, pageSize: 100 });
    expect(rooms).toContainEqual(expect.objectContaining({ roomId: pair.roomId, users: 1, capacity: 4 }));
    await eve.join(pair.roomId);
    await pair.ben.join(pair.roomId);
    await eve.hears(`${pair.ben.name} enters`);
    await talk(pair);
    expect(await eve.lobby.reserve(pair.roomId)).toMatchObject({ room: { users: 3 } });
    expect((await promptFailure((within) => eve.lobby.createRoom(wish, within))).code).toBe(
      'already_in_room',
    );
  });

  it('a call that waits for a master fails when the master dies, and says that it may have run', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    const roomMaster = cluster.app('room-master');
    roomMaster.kill('SIGSTOP');
    const waiting = ana.lobby.createRoom({ title: 'in vain', capacity: 2 });
    waiting.catch(() => undefined);
    await eventually('the call is under way', async () => {
      const { items } = await cluster.app('app-front').admin<{ items: { topic: string }[] }>('/calls');
      return items.some(({ topic }) => topic === 'room.res_create_f2b');
    });
    await kill('room-master');
    expect(await promptFailure(() => waiting)).toMatchObject({
      code: 'backend_unavailable',
      mayHaveRun: true,
    });
  });

  it('a front is killed: its users are gone from the books and can log in elsewhere, its rooms are listed no more', async () => {
    await using pair = await together();
    await using eve = await Player.at(cluster.app('lobby-runner'));
    const { room } = await eve.createAt(cluster.app('app-front'), { title: freshName('doomed') });
    await kill('app-front');
    expect(await pair.ana.lobby.closed).toMatchObject({ code: 'connection_lost', by: 'network' });
    await eventually('lobby-master has forgotten the user', async () => {
      const { items } = await cluster.app('lobby-master').admin<{ items: { name: string }[] }>('/users');
      return items.every(({ name }) => name !== pair.ana.name);
    });
    await eventually('the room is listed no more', async () => {
      return (await eve.lobby.rooms({ title: room.title })).total === 0;
    });
    await using again = await Player.at(cluster.app('lobby-runner'), pair.ana.name);
    expect(again.login.seat).toMatchObject({ roomId: pair.roomId });
    await again.enter(again.login.seat as Seat);
    await again.member.chat('back again');
    await pair.ben.hears(`${again.name}: back again`);
    expect(pair.ben.heard.filter((line) => line.includes('leaves'))).toEqual([]);
  });

  it('a front is killed: its user logs in elsewhere at once, before anybody has noticed', async () => {
    const token = await tokenOf(freshName('refugee'));
    await using first = await LobbyClient.connect(cluster.app('app-front').address);
    const { name } = await first.login({ token });
    const before = await epochOf(cluster.app('lobby-master'), name);
    cluster.app('app-front').kill('SIGSTOP');
    await using second = await LobbyClient.connect(cluster.app('lobby-runner').address);
    const login = second.login({ token });
    await kill('app-front');
    await login;
    expect(await epochOf(cluster.app('lobby-master'), name)).toBeGreaterThan(before);
    expect(await epochOf(cluster.app('lobby-runner'), name)).toBeGreaterThan(before);
  });

  it('a user logs out while room-master is away: the seat is free when it is back, and nobody else lost one', async () => {
    await using pair = await together();
    await kill('room-master');
    await pair.ben.lobby.logout();
    cluster.app('room-master').start();
    await pair.ana.hears(`${pair.ben.name} leaves: left`);
    await cluster.ready();
    await using eve = await Player.at(cluster.app('lobby-runner'));
    const { rooms } = await eve.lobby.rooms({ title: pair.ana.member.room.title, pageSize: 100 });
    expect(rooms).toContainEqual(expect.objectContaining({ roomId: pair.roomId, users: 1 }));
    expect(pair.ana.member.isOpen).toBe(true);
  });

  it('a create is repeated until it is answered while its runner is stopped, and makes one room', async () => {
    await using ana = await Player.at(cluster.app('lobby-runner'));
    const wish = { title: freshName('once'), capacity: 2, requestId: freshName('request') };
    for (const name of ['app-front', 'room-runner'] as const) cluster.app(name).kill('SIGSTOP');
    const first = ana.lobby.createRoom(wish);
    first.catch(() => undefined);
    await eventually('the create is under way at a runner', async () => {
      const { items } = await cluster.app('room-master').admin<{ items: { topic: string }[] }>('/calls');
      return items.some(({ topic }) => topic === 'room.res_create_b2f');
    });
    // room-master dies with the call: its successor knows nothing of it.
    await kill('room-master');
    await expect(first).rejects.toMatchObject({ code: 'backend_unavailable', mayHaveRun: true });
    cluster.app('room-master').start();
    for (const name of ['app-front', 'room-runner'] as const) cluster.app(name).kill('SIGCONT');
    // Asking more often would be throttled.
    const made = await eventually('the create is answered', () => ana.lobby.createRoom(wish), {
      everyMs: 200,
    });
    const { rooms } = await ana.lobby.rooms({ title: wish.title, pageSize: 100 });
    expect(rooms.map(({ roomId }) => roomId)).toEqual([made.room.roomId]);
  });

  async function epochOf(app: AppProcess, name: string): Promise<number> {
    const { items } = await app.admin<{ items: { name: string; epoch: number }[] }>('/users?limit=1000');
    const epoch = items.find((row) => row.name === name)?.epoch;
    if (epoch === undefined) throw new Error(`${app.name} does not know ${name}`);
    return epoch;
  }
});
