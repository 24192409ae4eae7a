/** A client against a lobby in memory: connecting, logging in, finding rooms, being put out, ending. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { room } from '@lobby/protocol';
import { Pulse, clientPort, established } from '@lobby/pulse';
import { CallFailure, LobbyClient } from '../src/index.ts';
import type { Kickout, LobbyClientOptions } from '../src/index.ts';
import type { TestLobby } from '../src/testing/index.ts';
import { ClientWorld, HERE, THERE } from './client-world.ts';

const PASSWORD = 'correct horse';

let world: ClientWorld;
let server: TestLobby;

beforeEach(async () => {
  world = new ClientWorld();
  server = await world.lobby();
});

afterEach(async () => {
  await world.settled(server.stop());
});

describe('connecting', () => {
  it('says that nobody listens', async () => {
    const nowhere = { host: 'nowhere', port: 1 };
    await expect(world.connect(nowhere)).rejects.toMatchObject({
      code: 'nobody_listens',
      message: 'nobody listens on nowhere:1',
    });
  });

  it('says that the address cannot be reached when the network says anything else', async () => {
    const transport = {
      listen: world.network.listen.bind(world.network),
      connect: () => Promise.reject(Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })),
    };
    const connecting = LobbyClient.connect({ ...HERE, platform: { ...world.platform, transport } });
    await expect(world.settled(connecting)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('tells with which words the server did not welcome it', async () => {
    await world.network.listen({ host: 'full', port: 1 }, (pipe) => {
      pipe.open({ data: () => pipe.end(), closed: () => undefined });
    });
    await expect(world.connect({ host: 'full', port: 1 })).rejects.toMatchObject({
      code: 'not_welcomed',
      message: expect.stringContaining('connection_lost') as unknown,
    });
  });

  it('gives up on a server that says nothing', async () => {
    await world.network.listen({ host: 'mute', port: 1 }, (pipe) => {
      pipe.open({ data: () => undefined, closed: () => undefined });
    });
    const connecting = LobbyClient.connect({ host: 'mute', port: 1, platform: world.platform });
    const failed = expect(connecting).rejects.toMatchObject({ code: 'not_welcomed' });
    await world.clock.advance(8_000);
    await failed;
  });

  it.each<[string, object]>([
    ['an unknown option', { hots: 'here' }],
    ['no host', { host: '' }],
    ['port 0', { port: 0 }],
    ['a port beyond 65535', { port: 70_000 }],
    ['a time that never comes', { connectTimeoutMs: Infinity }],
    ['an unknown option of TLS', { tls: { rejectUnauthorized: false } }],
    ['an authority that is none', { tls: { ca: 'none' } }],
    ['an IP address for a name', { tls: { servername: '127.0.0.1' } }],
  ])('refuses %s', async (_, wrong) => {
    const options: LobbyClientOptions = { ...HERE, platform: world.platform, ...wrong };
    await expect(LobbyClient.connect(options)).rejects.toMatchObject({ code: 'bad_option' });
  });
});

describe('a user', () => {
  it('registers, logs in by password, out, and in again by token', async () => {
    const client = await world.connect();
    await world.settled(client.register({ name: 'ana', password: PASSWORD }));
    const { name, token } = await world.settled(client.login({ name: 'ana', password: PASSWORD }));
    expect(name).toBe('ana');
    await world.settled(client.logout());
    await expect(world.settled(client.rooms())).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await world.settled(client.login({ token }))).toMatchObject({ name: 'ana' });
  });

  it('A17: logs out everywhere else, stays, and has a token that holds', async () => {
    const client = await world.connect();
    await world.settled(client.register({ name: 'ana', password: PASSWORD }));
    await expect(world.settled(client.logoutElsewhere())).rejects.toMatchObject({ code: 'unauthenticated' });
    const { token: old } = await world.settled(client.login({ name: 'ana', password: PASSWORD }));
    const { token } = await world.settled(client.logoutElsewhere());
    expect(client.isOpen).toBe(true);
    await world.settled(client.logout());
    await expect(world.settled(client.login({ token: old }))).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    await expect(world.settled(client.login({ token }))).resolves.toMatchObject({ name: 'ana' });
  });

  it('is told a failure with its code', async () => {
    const client = await world.connect();
    const login = client.login({ name: 'ana', password: 'a guess at it' });
    await expect(world.settled(login)).rejects.toMatchObject({
      code: 'wrong_credentials',
      outcome: 'failure',
      mayHaveRun: false,
    });
  });

  it('finds a room by its title, in pages', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben');
    await world.settled(ana.createRoom({ title: 'tea', capacity: 2 }));
    await world.settled(ben.createRoom({ title: 'cake', capacity: 2 }));
    const page = await world.settled(ana.rooms({ title: 'cake' }));
    expect(page).toMatchObject({ page: 1, pages: 1, total: 1, rooms: [{ title: 'cake', capacity: 2 }] });
    expect(await world.settled(ana.rooms({ page: 2, pageSize: 1 }))).toMatchObject({
      pages: 2,
      rooms: [{ title: 'cake' }],
    });
  });

  it('gets a quick seat: a room is made, and found by the next', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben', THERE);
    const made = await world.settled(ana.quick());
    const found = await world.settled(ben.quick());
    expect([made.created, found.created]).toEqual([true, false]);
    expect(found.room.roomId).toBe(made.room.roomId);
  });

  it('gets a quick seat in a room that suits, by capacity and attributes, or in one that is made so', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben');
    const cleo = await world.user('cleo');
    const blitz = { title: 'tea', capacity: 2, attributes: { mode: 'blitz' } };
    const made = await world.settled(ana.createRoom(blitz));
    const found = await world.settled(ben.quick({ attributes: { mode: 'blitz' } }));
    expect([found.created, found.room.roomId]).toEqual([false, made.room.roomId]);
    const other = await world.settled(cleo.quick({ capacity: 3, attributes: { mode: 'chess' } }));
    expect(other).toMatchObject({ created: true, room: { capacity: 3, attributes: { mode: 'chess' } } });
    const dan = await world.user('dan');
    expect(await world.settled(dan.quick({ capacity: 4 }))).toMatchObject({ created: true });
  });

  it('asks for a room again with the same id and gets the same room', async () => {
    const ana = await world.user('ana');
    const wish = { title: 'tea', capacity: 2, requestId: 'once' };
    const first = await world.settled(ana.createRoom(wish));
    const second = await world.settled(ana.createRoom(wish));
    expect(second.room.roomId).toBe(first.room.roomId);
  });

  it('asks for a quick seat again with the same id and gets the same room', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben');
    const made = await world.settled(ana.quick({ requestId: 'once' }));
    const found = await world.settled(ben.quick({ requestId: 'once' }));
    expect([made.created, found.created]).toEqual([true, false]);
    const fuller = { title: 'fuller', capacity: 2 };
    await world.settled((await world.user('cleo')).createRoom(fuller));
    for (const [user, first] of [[ana, made] as const, [ben, found] as const]) {
      const again = await world.settled(user.quick({ requestId: 'once' }));
      expect(again).toMatchObject({ created: first.created, room: { roomId: first.room.roomId } });
      expect(again.seat.ticket).not.toBe(first.seat.ticket);
      await world.settled(user.enter(again.seat));
    }
  });

  it('gets a quick seat in the fullest room, and in none that everybody has left', async () => {
    const ana = await world.user('ana');
    await world.settled(ana.createRoom({ title: 'tea', capacity: 8 }));
    const ben = await world.user('ben');
    const fuller = await world.settled(ben.createRoom({ title: 'cake', capacity: 2 }));
    const cleo = await world.user('cleo');
    const offer = await world.settled(cleo.quick());
    expect(offer.room.roomId).toBe(fuller.room.roomId);
    const dan = await world.user('dan');
    const { seat } = await world.settled(dan.createRoom({ title: 'left', capacity: 3 }));
    const member = await world.settled(dan.enter(seat));
    await world.settled(member.leave());
    const eve = await world.user('eve');
    expect(await world.settled(eve.quick({ capacity: 3 }))).toMatchObject({ created: true });
  });

  it('says no request id but the one that it is given: any other would be asked for again by nobody', async () => {
    const ids: (string | undefined)[] = [];
    const front = Pulse.asServer({
      name: 'front',
      platform: world.platform,
      dialect: clientPort({ node: 'front' }),
      host: 'strict',
      port: 1,
    });
    front
      .sub(established, (session) => session.admit('user', 'ana'))
      .answer(room.reqCreate, (_, wish) => {
        ids.push(wish.requestId);
        throw new CallFailure('failure', 'no_room_runner', { message: 'none' });
      })
      .answer(room.reqQuick, (_, wish) => {
        ids.push(wish.requestId);
        throw new CallFailure('failure', 'no_room_runner', { message: 'none' });
      });
    await front.start();
    const client = await world.connect({ host: 'strict', port: 1 });
    for (const given of [{}, { requestId: 'mine' }]) {
      for (const asked of [client.createRoom({ title: 'tea', capacity: 2, ...given }), client.quick(given)])
        await expect(world.settled(asked)).rejects.toMatchObject({ code: 'no_room_runner' });
    }
    expect(ids).toEqual([undefined, undefined, 'mine', 'mine']);
    await world.settled(front.stop());
  });

  it('gives up a call when its patience is over, and knows that it may have run', async () => {
    const front = Pulse.asServer({
      name: 'front',
      platform: world.platform,
      dialect: clientPort({ node: 'front' }),
      host: 'slow',
      port: 1,
    });
    front
      .sub(established, (session) => session.admit('user', 'ana'))
      .answer(room.reqPage, () => new Promise<never>(() => undefined));
    await front.start();
    const client = await world.connect({ host: 'slow', port: 1 });
    const asked = client.rooms({}, { deadlineMs: 100 });
    const failed = expect(asked).rejects.toMatchObject({ code: 'deadline', mayHaveRun: true });
    await world.clock.advance(100);
    await failed;
    await world.settled(front.stop());
  });
});

describe('being put out', () => {
  it('is told to the older session when the user logs in elsewhere, and its connection ends', async () => {
    const older = await world.user('ana');
    const kickouts: Kickout[] = [];
    older.onKickout((kickout) => kickouts.push(kickout));
    const newer = await world.connect(THERE);
    await world.settled(newer.login({ name: 'ana', password: PASSWORD }));
    expect(kickouts).toMatchObject([{ code: 'logged_in_elsewhere' }]);
    expect(await older.closed).toMatchObject({ code: 'logged_in_elsewhere', by: 'remote' });
    expect([older.isOpen, newer.isOpen]).toEqual([false, true]);
  });

  it('is told to a handler that is attached afterwards', async () => {
    const ana = await world.user('ana');
    server.kick('ana');
    await world.settled(ana.closed);
    const kickouts: Kickout[] = [];
    ana.onKickout((kickout) => kickouts.push(kickout));
    await world.clock.settle();
    expect(kickouts).toMatchObject([{ code: 'kicked' }]);
  });
});

describe('the end of a client', () => {
  it('is a value, of whoever ended it', async () => {
    const ana = await world.connect();
    const ben = await world.connect(THERE);
    await world.settled(ana.close());
    await world.settled(server.stop());
    expect(await ana.closed).toMatchObject({ code: 'client_closed', by: 'local' });
    expect(await ben.closed).toMatchObject({ code: 'shutting_down', by: 'remote' });
  });

  it('can be asked for twice, and by leaving a scope', async () => {
    const client = await world.connect();
    {
      await using scoped = client;
      await world.settled(scoped.close());
    }
    expect(client.isOpen).toBe(false);
  });

  it('settles a call that waits as unknown, and refuses a later one', async () => {
    const ana = await world.user('ana');
    const waiting = ana.rooms();
    const failed = expect(waiting).rejects.toMatchObject({ outcome: 'unknown', mayHaveRun: true });
    await world.settled(ana.close());
    await failed;
    await expect(ana.rooms()).rejects.toMatchObject({ outcome: 'refused', mayHaveRun: false });
  });

  it('lets nobody enter a room any more', async () => {
    const ana = await world.user('ana');
    const { seat } = await world.settled(ana.createRoom({ title: 'tea', capacity: 2 }));
    await world.settled(ana.close());
    await expect(ana.enter(seat)).rejects.toMatchObject({ code: 'closed' });
  });

  it('takes back a connection to a room that was being made', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben', THERE);
    const { seat } = await world.settled(ana.createRoom({ title: 'tea', capacity: 2 }));
    await world.settled(ana.enter(seat));
    const { seat: elsewhere } = await world.settled(ben.reserve(seat.roomId));
    const entering = ben.enter(elsewhere);
    const refused = expect(entering).rejects.toMatchObject({ code: 'closed' });
    await world.settled(ben.close());
    await refused;
    expect(server.connections).toBe(1);
    const { rooms } = await world.settled(ana.rooms());
    expect(rooms).toMatchObject([{ users: 1 }]);
  });
});
