/**
 * The lobby as it is every day: five processes, two fronts with rooms, users on either of them; and its end.
 */

import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { APPS, eventually, startCluster } from '../src/index.ts';
import type { Cluster } from '../src/index.ts';
import { runJourney } from '@lobby/demo';
import { holding } from './holding-ports.ts';
import { freshName, tokenOf } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';
import { KIND, RawClient, bye } from './raw-client.ts';

jest.setTimeout(60_000);

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ env: PLAYER_SETTINGS });
});
afterAll(() => cluster[Symbol.asyncDispose]());

describe('the journey', () => {
  it('arrives', async () => {
    const report = await runJourney({
      appFront: cluster.app('app-front').address,
      lobbyRunner: cluster.app('lobby-runner').address,
      print: () => undefined,
    });
    expect(report.fault).toBeUndefined();
    expect(report.done).toHaveLength(18);
  });
});

describe('rooms', () => {
  it.each(['app-front', 'room-runner'] as const)(
    'held by %s are entered from either front',
    async (holder) => {
      await using ana = await Player.at(cluster.app('app-front'));
      await using ben = await Player.at(cluster.app('lobby-runner'));
      const { seat } = await ana.createAt(cluster.app(holder));
      await ana.enter(seat);
      await ben.join(seat.roomId);
      await ana.hears(`${ben.name} enters`);
      await ana.member.chat('hello');
      await ben.member.chat('hi');
      const said = [`${ana.name}: hello`, `${ben.name}: hi`];
      await ana.hears(`${ben.name}: hi`);
      await ben.hears(`${ben.name}: hi`);
      expect(ana.heard.slice(-2)).toEqual(said);
      expect(ben.heard).toEqual(said);
      await ben.member.leave();
      await ana.hears(`${ben.name} leaves: left`);
    },
  );

  it('are found by quick, and made by it where none suits', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    await using ben = await Player.at(cluster.app('lobby-runner'));
    const wish = { capacity: 2, attributes: { mode: freshName('quick') } };
    const made = await ana.lobby.quick(wish);
    expect(made).toMatchObject({ created: true, room: { capacity: 2, attributes: wish.attributes } });
    await ana.enter(made.seat);
    const found = await ben.lobby.quick(wish);
    expect(found).toMatchObject({ created: false, room: { roomId: made.room.roomId } });
    await ben.enter(found.seat);
    await using eve = await Player.at(cluster.app('app-front'));
    expect(await eve.lobby.quick(wish)).toMatchObject({ created: true });
  });

  it('A16: are three of eight for twenty-four who take any seat at one moment, and stay so when asked again', async () => {
    await using crowd = new AsyncDisposableStack();
    const arrivals = Array.from({ length: 24 }, async (_, nth) =>
      crowd.use(await Player.at(cluster.app(nth % 2 === 0 ? 'app-front' : 'lobby-runner'))),
    );
    const players = await Promise.all(arrivals);
    const attributes = { mode: freshName('crowd') };
    const ask = ({ lobby, name }: Player) => lobby.quick({ attributes, requestId: name });
    const offers = await Promise.all(players.map(ask));
    expect(new Set(offers.map(roomIdOf)).size).toBe(3);
    expect(offers.filter(({ created }) => created)).toHaveLength(3);
    const again = await Promise.all(players.map(ask));
    expect(again.map(roomIdOf)).toEqual(offers.map(roomIdOf));
    expect(again.map(({ created }) => created)).toEqual(offers.map(({ created }) => created));
  });

  it('that are private are not listed, and are entered by their id', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    await using ben = await Player.at(cluster.app('lobby-runner'));
    const title = freshName('hidden');
    const { seat } = await ana.lobby.createRoom({ title, capacity: 2, private: true });
    await ana.enter(seat);
    expect(await ben.lobby.rooms({ title })).toMatchObject({ total: 0, rooms: [] });
    await ben.join(seat.roomId);
    await ana.hears(`${ben.name} enters`);
  });

  it('are listed by page and by title, the oldest first', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    await using ben = await Player.at(cluster.app('lobby-runner'));
    const title = freshName('paged');
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1)
      ids.push((await ana.lobby.createRoom({ title: `${title} ${made}`, capacity: 2 })).room.roomId);
    const first = await ben.lobby.rooms({ title: title.toUpperCase(), pageSize: 2 });
    expect(first).toMatchObject({ page: 1, pages: 3, total: 5 });
    const pages = [first, ...(await restOf(ben, { title, pageSize: 2 }))];
    expect(pages.flatMap((page) => page.rooms.map(({ roomId }) => roomId))).toEqual(ids);
    expect(await ben.lobby.rooms({ title: `${title} 3` })).toMatchObject({ total: 1 });
    expect((await ben.lobby.rooms({ title, page: 4, pageSize: 2 })).rooms).toEqual([]);
  });

  it('made by the same request are one room, whichever front is asked', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    const wish = { title: freshName('once'), capacity: 2, requestId: freshName('request') };
    const ids = [await ana.lobby.createRoom(wish), await ana.lobby.createRoom(wish)].map(roomIdOf);
    await using again = await Player.at(cluster.app('lobby-runner'), ana.name);
    ids.push(roomIdOf(await again.lobby.createRoom(wish)));
    expect(new Set(ids).size).toBe(1);
    expect(await again.lobby.rooms({ title: wish.title })).toMatchObject({ total: 1 });
    await using ben = await Player.at(cluster.app('app-front'));
    expect(ids).not.toContain(roomIdOf(await ben.lobby.createRoom(wish)));
  });
});

describe('a second login of a user', () => {
  it('on another front puts the older session out: one kickout, the farewell, the end', async () => {
    const name = freshName('twice');
    using older = await RawClient.loggedIn(cluster.app('app-front').address, name);
    await using newer = await Player.at(cluster.app('lobby-runner'), name.toUpperCase());
    await older.ended();
    const told = { code: 'logged_in_elsewhere', message: 'you logged in on another connection' };
    expect(older.frames.slice(2)).toEqual([
      { topic: 207, kind: 0, flags: 0, seq: 0, payload: told },
      { topic: 3, kind: 0, flags: 0, seq: 0, payload: told },
    ]);
    expect(newer.lobby.isOpen).toBe(true);
    expect(newer.kickouts).toEqual([]);
  });

  it('ends with one session, also where twenty come at once', async () => {
    const name = freshName('popular');
    const fronts = [cluster.app('app-front'), cluster.app('lobby-runner')];
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => RawClient.welcomed(oneOf(fronts).address)),
    );
    const token = await tokenOf(name);
    const answers = clients.map((client) => client.call(203, { token }).catch(() => undefined));
    await eventually('all but one are out', () => clients.filter(({ isOpen }) => isOpen).length === 1);
    await eventually('the one that stays is logged in', () =>
      clients.some(({ isOpen, frames }) => isOpen && frames.at(-1)?.topic === 204),
    );
    for (const { isOpen, frames } of clients) {
      const ends = frames.filter(({ topic }) => topic === 207 || topic === 3);
      expect(ends.map(({ topic, payload }) => [topic, payload['code']])).toEqual(
        isOpen
          ? []
          : [
              [207, 'logged_in_elsewhere'],
              [3, 'logged_in_elsewhere'],
            ],
      );
    }
    expect((await usersOf('lobby-master')).filter((user) => user === name)).toEqual([name]);
    const held = [...(await usersOf('app-front')), ...(await usersOf('lobby-runner'))];
    expect(held.filter((user) => user === name)).toEqual([name]);
    for (const client of clients) client[Symbol.dispose]();
    await Promise.all(answers);
    await eventually('nobody is left of them', async () => !(await usersOf('lobby-master')).includes(name));
  });
});

describe('the admin endpoint', () => {
  it.each(APPS)('of %s tells life, readiness, numbers and lists', async (name) => {
    const app = cluster.app(name);
    expect(await app.ask({ path: '/livez' })).toEqual({ status: 200, body: { live: true } });
    expect(await app.ask({ path: '/readyz' })).toEqual({ status: 200, body: { ready: true } });
    expect(await app.admin('/info')).toMatchObject({ app: name, node: name, version: '0.1.0' });
    for (const list of ['/sessions', '/peers', '/calls', ...ownLists(name)]) {
      const { status, body } = await app.ask({ path: `${list}?limit=5` });
      expect({ list, status, body }).toMatchObject({ list, status: 200, body: { limit: 5 } });
    }
    const numbers = await app.admin<string>('/metrics');
    expect(numbers).toMatch(/^lobby_sessions\{pulse="[a-z-]+"\} \d+$/m);
    expect(numbers).toMatch(/^lobby_calls_total\{outcome="[a-z]+"\} \d+$/m);
  });

  it('of each back knows its fronts, and of each front its backs', async () => {
    const peers: Record<string, unknown[]> = {};
    for (const app of cluster.apps) {
      const { items } = await app.admin<{ items: { node: string; state: string }[] }>('/peers');
      peers[app.name] = items.map(({ node, state }) => `${node} ${state}`).sort();
    }
    expect(peers).toEqual({
      'lobby-master': ['app-front up', 'lobby-runner up'],
      'room-master': ['app-front up', 'app-front up', 'lobby-runner up', 'room-runner up'],
      'app-front': ['lobby-master up', 'room-master up'],
      'lobby-runner': ['lobby-master up', 'room-master up'],
      'room-runner': ['room-master up'],
    });
  });

  it('shows users and rooms, on the fronts that have them and on the masters', async () => {
    await using ana = await Player.at(cluster.app('lobby-runner'));
    const { seat } = await ana.createAt(cluster.app('room-runner'));
    await ana.enter(seat);
    expect(await usersOf('lobby-runner')).toContain(ana.name);
    expect(await usersOf('lobby-master')).toContain(ana.name);
    const rooms = await cluster.app('room-runner').admin<{ items: { members: string[] }[] }>('/rooms');
    expect(rooms.items.flatMap(({ members }) => members)).toContain(ana.name);
    const placed = await cluster.app('room-master').admin<{ items: object[] }>('/rooms?limit=1000');
    expect(placed.items).toContainEqual(
      expect.objectContaining({ roomId: seat.roomId, front: 'room-runner', creator: ana.name }),
    );
  });
});

describe('an operator', () => {
  it('puts a user out, whose seat is free then', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    await using ben = await Player.at(cluster.app('lobby-runner'));
    const { seat } = await ana.createAt(cluster.app('room-runner'));
    await ana.enter(seat);
    await ben.join(seat.roomId);
    const kick = { method: 'POST', path: `/users/${ben.name}/kick` } as const;
    const master = cluster.app('lobby-master');
    expect(await master.ask(kick)).toEqual({
      status: 200,
      body: { kicked: ben.name, wasLoggedIn: true, roomId: seat.roomId, seatPending: false },
    });
    expect(await ben.lobby.closed).toMatchObject({ code: 'kicked', by: 'remote' });
    expect(ben.kickouts).toMatchObject([{ code: 'kicked' }]);
    await ana.hears(`${ben.name} leaves: kicked`);
    expect(await master.ask(kick)).toEqual({
      status: 200,
      body: { kicked: ben.name, wasLoggedIn: false, seatPending: false },
    });
    const noName = { method: 'POST', path: '/users/-/kick' } as const;
    expect(await master.ask(noName)).toMatchObject({ status: 404 });
  });

  it('A7: puts out of the room who is logged in no more', async () => {
    const name = freshName('stays');
    await using host = await Player.at(cluster.app('app-front'));
    const { seat } = await host.createAt(cluster.app('room-runner'));
    await host.enter(seat);
    using login = await RawClient.loggedIn(cluster.app('lobby-runner').address, name);
    const reserved = await login.call(305, { roomId: seat.roomId });
    using member = await RawClient.welcomed(cluster.app('room-runner').address);
    await member.call(309, { ticket: (reserved.payload['seat'] as { ticket: string }).ticket });
    login.reset();
    await eventually('the login is over', async () => !(await usersOf('lobby-master')).includes(name));
    expect(await member.call(311, { text: 'still here' })).toMatchObject({ kind: KIND.reply });

    const kick = { method: 'POST', path: `/users/${name}/kick` } as const;
    expect(await cluster.app('lobby-master').ask(kick)).toEqual({
      status: 200,
      body: { kicked: name, wasLoggedIn: false, roomId: seat.roomId, seatPending: false },
    });
    expect(await member.ended()).toEqual(bye('kicked'));
    await host.hears(`${name} leaves: kicked`);
  });

  it('unlocks a name, whether anybody has guessed at it or not', async () => {
    const master = cluster.app('lobby-master');
    const unlock = (name: string) => master.ask({ method: 'POST', path: `/users/${name}/unlock` });
    expect(await unlock('nobody')).toEqual({ status: 200, body: { unlocked: 'nobody', hadFailures: false } });
    expect(await unlock('-')).toMatchObject({ status: 404 });
  });

  it('closes a room, whose members are told', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    const { seat } = await ana.createAt(cluster.app('room-runner'));
    await ana.enter(seat);
    const close = { method: 'POST', path: `/rooms/${seat.roomId}/close` } as const;
    const runner = cluster.app('room-runner');
    expect(await runner.ask(close)).toEqual({ status: 200, body: { closed: seat.roomId } });
    await ana.hears('the end: room_closed');
    await expect(ana.lobby.reserve(seat.roomId)).rejects.toMatchObject({ code: 'room_not_found' });
    expect(await runner.ask(close)).toMatchObject({ status: 404 });
  });
});

describe('the whole lobby, with users in it,', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s with 0 and leaves nothing', async (signal) => {
    for (const app of cluster.apps) if (!app.running) app.start();
    await cluster.ready();
    await using ana = await Player.at(cluster.app('app-front'));
    const { seat } = await ana.createAt(cluster.app('room-runner'));
    await ana.enter(seat);
    using raw = await RawClient.welcomed(cluster.app('lobby-runner').address);

    for (const app of cluster.apps) app.kill(signal);
    for (const app of cluster.apps) {
      expect({ app: app.name, ...(await app.exited) }).toEqual({ app: app.name, code: 0, signal: null });
      expect(app.log.errors).toBe('');
      expect([...app.log].filter(({ level }) => level === 'error')).toEqual([]);
      expect(app.log.find('stopping')).toMatchObject([{ signal }]);
    }
    expect(await ana.lobby.closed).toMatchObject({ code: 'shutting_down', by: 'remote' });
    expect(ana.kickouts).toMatchObject([{ code: 'shutting_down' }]);
    expect(await ana.member.closed).toMatchObject({ code: 'shutting_down' });
    expect(await raw.ended()).toEqual(bye('shutting_down'));
    const ports = cluster.apps.flatMap(({ address, adminAddress }) => [address.port, adminAddress.port]);
    await (await holding(...ports))[Symbol.asyncDispose]();
    expect((await readdir(cluster.directory)).sort()).toEqual(['accounts.sqlite', 'secret']);
  });
});

function roomIdOf({ room }: { readonly room: { readonly roomId: string } }): string {
  return room.roomId;
}

function oneOf<T>(things: readonly T[]): T {
  return things[Math.floor(Math.random() * things.length)] as T;
}

function ownLists(name: (typeof APPS)[number]): string[] {
  if (name === 'app-front') return ['/users', '/rooms'];
  return [name.startsWith('lobby') ? '/users' : '/rooms'];
}

async function usersOf(app: 'lobby-master' | 'app-front' | 'lobby-runner'): Promise<string[]> {
  const { items } = await cluster.app(app).admin<{ items: { name: string }[] }>('/users?limit=1000');
  return items.map(({ name }) => name);
}

async function restOf(player: Player, which: { readonly title: string; readonly pageSize: number }) {
  return [await player.lobby.rooms({ ...which, page: 2 }), await player.lobby.rooms({ ...which, page: 3 })];
}
