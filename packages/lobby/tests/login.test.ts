/**
 * Register, log in, log out, through one front: what each is answered with, and what the two services know
 * afterwards.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClient } from '@lobby/discovery/testing';
import { NAME_RULE, auth, room } from '@lobby/protocol';
import { ROOM, SEAT } from './harness/fake-room-master.ts';
import { LobbyWorld } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';

const PASSWORD = 'correct horse';
const ANA = { name: 'ana', password: PASSWORD };

let world: LobbyWorld;
let client: TestClient;

beforeEach(async () => {
  world = await LobbyWorld.start({ fronts: 1 });
  client = await world.client();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

describe('registering', () => {
  it('makes an account that logs in', async () => {
    const { userId } = await settled(client.call(auth.reqRegister, ANA));
    await expect(settled(client.call(auth.reqLogin, ANA))).resolves.toEqual({
      userId,
      name: 'ana',
      token: tokenOf('ana', { userId, epoch: 2 ** 32 + 1, authTimeMs: world.clock.wallNow() }),
    });
  });

  it('fails with name_taken for a name that differs only in case', async () => {
    await settled(client.call(auth.reqRegister, ANA));
    const again = client.call(auth.reqRegister, { name: 'ANA', password: PASSWORD });
    await expect(settled(again)).rejects.toMatchObject({ code: 'name_taken' });
  });

  it('is refused at the front where the name breaks the rule, with the rule', async () => {
    world.accounts.before = () => Promise.reject(new Error('an account was touched'));
    const asked = settled(client.call(auth.reqRegister, { name: 'no body', password: PASSWORD }));
    await expect(asked).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining(NAME_RULE),
    });
  });

  it('is refused where an identity service rules', async () => {
    world.master.node.kill();
    await world.startMaster({ registration: false });
    await world.clock.advance(3_000);
    await expect(settled(client.call(auth.reqRegister, ANA))).rejects.toMatchObject({ code: 'bad_request' });
    await expect(settled(world.login(client, 'ana'))).resolves.toMatchObject({ name: 'ana' });
  });
});

describe('logging in', () => {
  it('by token touches no account', async () => {
    world.accounts.before = () => Promise.reject(new Error('an account was touched'));
    const { name, userId } = await settled(world.login(client, 'nobody-registered'));
    expect({ name, userId }).toEqual({ name: 'nobody-registered', userId: 'nobody-registered' });
  });

  it('A6: is too much within ten seconds of thirty others, on whatever connection; who is there stays', async () => {
    for (let nth = 0; nth < 30; nth += 1) {
      client = await world.client();
      await settled(world.login(client, nth % 2 === 0 ? 'ana' : 'ANA'));
    }
    const { book } = world;
    const next = await world.client();
    const tooMuch = settled(world.login(next, 'ana'));
    await expect(tooMuch).rejects.toMatchObject({ code: 'throttled', retryAfterMs: expect.any(Number) });
    expect([world.book, world.tables, client.ended]).toEqual([book, book, undefined]);
    await settled(world.login(await world.client(), 'ben'));
    await world.clock.advance(10_000);
    await expect(settled(world.login(next, 'ana'))).resolves.toMatchObject({ name: 'ana' });
  });

  it('is written down by the front and by the master', async () => {
    await settled(world.login(client, 'ana'));
    expect(world.tables).toEqual([expect.stringMatching(/^ana on lobby-runner-1\/\d+ as \d+$/)]);
    expect(world.book).toEqual(world.tables);
    expect([...world.front(0).runner.listing().items]).toMatchObject([
      { name: 'ana', userId: 'ana', since: world.clock.wallNow() },
    ]);
  });

  it.each<[string, object, string]>([
    ['a wrong password', { name: 'ana', password: 'wrong' }, 'wrong_credentials'],
    ['an unknown name', { name: 'ben', password: PASSWORD }, 'wrong_credentials'],
    ['what is no token', { token: 'x' }, 'wrong_credentials'],
    ['nothing at all', {}, 'bad_request'],
    ['a name alone', { name: 'ana' }, 'bad_request'],
    ['a password alone', { password: PASSWORD }, 'bad_request'],
    ['token and password', { token: tokenOf('ana'), ...ANA }, 'bad_request'],
    ['token and name', { token: tokenOf('ana'), name: 'ana' }, 'bad_request'],
  ])('fails for %s, and the session may try again', async (_, wrong, code) => {
    await settled(client.call(auth.reqRegister, ANA));
    await expect(settled(client.call(auth.reqLogin, wrong))).rejects.toMatchObject({ code });
    expect(world.book).toEqual([]);
    await expect(settled(client.call(auth.reqLogin, ANA))).resolves.toMatchObject({ name: 'ana' });
  });

  it('while logged in on the same connection is a bad request, and changes nothing', async () => {
    await settled(world.login(client, 'ana'));
    const { book } = world;
    for (const name of ['ana', 'ben']) {
      await expect(settled(world.login(client, name))).rejects.toMatchObject({ code: 'bad_request' });
    }
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual(book);
  });

  it('goes on one at a time on a connection', async () => {
    const first = world.login(client, 'ana');
    const second = world.login(client, 'ben');
    await expect(settled(second)).rejects.toMatchObject({ code: 'bad_request' });
    await expect(first).resolves.toMatchObject({ name: 'ana' });
    expect(world.book).toHaveLength(1);
  });

  it('of a client who has gone meanwhile leaves no login behind', async () => {
    await settled(client.call(auth.reqRegister, ANA));
    const { promise: hashed, resolve } = Promise.withResolvers<void>();
    world.accounts.before = () => hashed;
    client.call(auth.reqLogin, ANA).catch(() => undefined);
    await world.clock.settle();
    client.drop();
    await world.clock.settle();
    resolve();
    await world.clock.settle();
    expect(world.master.service.size).toBe(0);
    expect(world.front(0).runner.size).toBe(0);
    expect(world.rooms.askedFor(room.reqSeatF2b)).toEqual([]);
  });
});

describe('the end of a login', () => {
  it('by logging out leaves the connection for the next login', async () => {
    await settled(world.login(client, 'ana'));
    await expect(settled(client.call(auth.reqLogout, {}))).resolves.toEqual({});
    expect([world.book, world.tables]).toEqual([[], []]);
    await expect(settled(client.call(auth.reqLogout, {}))).rejects.toMatchObject({ code: 'unauthenticated' });
    await settled(world.login(client, 'ben'));
    expect(world.book).toEqual([expect.stringContaining('ben')]);
  });

  it('by logging out frees the seat before it is answered', async () => {
    await settled(world.login(client, 'ana'));
    const { promise: freed, resolve } = Promise.withResolvers<void>();
    world.rooms.before = () => freed;
    const logout = client.call(auth.reqLogout, {});
    await world.clock.settle();
    expect(world.rooms.askedFor(room.reqGoneF2b)).toMatchObject([{ user: 'ana', code: 'left' }]);
    expect(client.topics).not.toContain(auth.reqLogout.reply.name);
    resolve();
    await expect(settled(logout)).resolves.toEqual({});
  });

  it.each<[string, (client: TestClient) => void]>([
    ['a farewell', (one) => one.close()],
    ['a lost connection', (one) => one.drop()],
  ])('by %s is told to the master, and the seat stays', async (_, end) => {
    await settled(world.login(client, 'ana'));
    end(client);
    await world.clock.settle();
    expect([world.book, world.tables]).toEqual([[], []]);
    expect(world.rooms.askedFor(room.reqGoneF2b)).toEqual([]);
  });

  it('by the operator is a kickout with the words of the operator, then the end', async () => {
    await settled(world.login(client, 'ana'));
    await expect(settled(world.master.service.kick('ANA', 'enough'))).resolves.toEqual({
      kicked: 'ANA',
      wasLoggedIn: true,
      seatPending: false,
    });
    expect(client.topics.slice(-2)).toEqual(['auth.syn_kickout', 'net.bye']);
    expect(client.messages(auth.synKickout)).toEqual([{ code: 'kicked', message: 'enough' }]);
    expect(world.rooms.askedFor(room.reqGoneF2b)).toContainEqual(
      expect.objectContaining({ user: 'ana', code: 'kicked' }),
    );
    expect([world.book, world.tables]).toEqual([[], []]);
    await expect(settled(world.master.service.kick('ana'))).resolves.toEqual({
      kicked: 'ana',
      wasLoggedIn: false,
      seatPending: false,
    });
    await expect(settled(world.master.service.kick('-'))).resolves.toBeUndefined();
  });

  it('by the operator makes the tokens of before void, on a master that was started anew too', async () => {
    await settled(client.call(auth.reqRegister, ANA));
    const { token } = await settled(client.call(auth.reqLogin, ANA));
    await settled(world.master.service.kick('ana'));
    const login = async (request: object): Promise<string> => {
      const again = await world.client();
      return (await settled(again.call(auth.reqLogin, request as { token: string }))).token;
    };
    const refused = { code: 'wrong_credentials' };
    await expect(login({ token })).rejects.toMatchObject(refused);
    const newer = await login(ANA);
    await expect(login({ token: newer })).resolves.toBeDefined();
    await world.restartMaster();
    await expect(login({ token })).rejects.toMatchObject(refused);
    await expect(login({ token: newer })).resolves.toBeDefined();
  });
});

describe('what a user asks of rooms', () => {
  it('is unauthenticated before the login and after the logout', async () => {
    const create = (): Promise<unknown> =>
      settled(client.call(room.reqCreate, { title: 'tea', capacity: 4 }));
    await expect(create()).rejects.toMatchObject({ code: 'unauthenticated' });
    await settled(world.login(client, 'ana'));
    await expect(create()).resolves.toEqual({ room: ROOM, seat: SEAT });
    await settled(client.call(auth.reqLogout, {}));
    await expect(create()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(world.rooms.askedFor(room.reqCreateF2b)).toHaveLength(1);
  });

  it('F17: is asked in the name of the login, whatever the client writes', async () => {
    await settled(world.login(client, 'ana'));
    const [{ epoch } = { epoch: -1 }] = world.front(0).runner.listing().items;
    const forged = { user: 'ben', epoch: 2 ** 50, capacity: 4, title: 'tea' };
    await settled(client.call(room.reqCreate, forged));
    await settled(client.call(room.reqReserve, { ...forged, roomId: 'r1' }));
    await settled(client.call(room.reqQuick, forged));
    const asked = [room.reqCreateF2b, room.reqReserveF2b, room.reqQuickF2b].flatMap((topic) =>
      world.rooms.askedFor(topic),
    );
    expect(asked).toHaveLength(3);
    for (const request of asked) expect(request).toMatchObject({ user: 'ana', epoch });
  });

  it('A1: is refused here where a room would say too much of itself', async () => {
    await settled(world.login(client, 'ana'));
    const attributes = Object.fromEntries(
      Array.from({ length: 16 }, (_, nth) => [`key ${nth}`, 'x'.repeat(128)]),
    );
    const refused = { code: 'bad_request', mayHaveRun: false };
    const create = client.call(room.reqCreate, { title: 'fat', capacity: 4, attributes });
    await expect(settled(create)).rejects.toMatchObject(refused);
    await expect(settled(client.call(room.reqQuick, { attributes }))).rejects.toMatchObject(refused);
    expect([room.reqCreateF2b, room.reqQuickF2b].flatMap((topic) => world.rooms.askedFor(topic))).toEqual([]);
  });

  it('fails as room-master says', async () => {
    await settled(world.login(client, 'ana'));
    await expect(settled(client.call(room.reqPage, { page: 3 }))).resolves.toMatchObject({ page: 3 });
    world.rooms.node.kill();
    await world.clock.settle();
    await expect(settled(client.call(room.reqPage, { page: 1 }))).rejects.toMatchObject({
      code: 'backend_unavailable',
      mayHaveRun: false,
    });
  });
});

describe('the seat in the answer of a login', () => {
  it('is the one that the user still holds', async () => {
    world.rooms.seats.set('ana', SEAT);
    await expect(settled(world.login(client, 'ana'))).resolves.toMatchObject({ seat: SEAT });
  });

  it('is missing, and the login succeeds at once, while room-master is away', async () => {
    world.rooms.seats.set('ana', SEAT);
    world.rooms.node.kill();
    await world.clock.settle();
    await expect(settled(world.login(client, 'ana'))).resolves.not.toHaveProperty('seat');
  });

  it('is missing, and the login succeeds within a second, where room-master says nothing', async () => {
    world.rooms.before = () => new Promise(() => undefined);
    const login = world.login(client, 'ana');
    await expect(world.cluster.within(1_000, login)).resolves.not.toHaveProperty('seat');
  });
});
