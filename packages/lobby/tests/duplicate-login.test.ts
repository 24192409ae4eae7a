/**
 * One user, two logins: the newer stays, the older is put out before the newer is answered, and nothing that
 * is late undoes it.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClient } from '@lobby/discovery/testing';
import { auth, room } from '@lobby/protocol';
import type { User } from '../src/index.ts';
import type { Login } from './harness/lobby-world.ts';
import { LobbyWorld } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';
import { RawFront, record } from './harness/raw-front.ts';

const ELSEWHERE = expect.objectContaining({ code: 'logged_in_elsewhere' }) as unknown;

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

/**
 * Whether the client was put out as it must be: one kickout, the farewell after it, and nothing else
 * afterwards.
 */
function expectPutOut(client: TestClient): void {
  expect(client.messages(auth.synKickout)).toEqual([ELSEWHERE]);
  expect(client.topics.slice(-2)).toEqual(['auth.syn_kickout', 'net.bye']);
  expect(client.ended).toMatch(/^logged_in_elsewhere/);
}

describe.each<[string, number]>([
  ['on the same front', 0],
  ['on another front', 1],
])('a second login %s', (_, nth) => {
  it('puts the older one out, with one kickout', async () => {
    const older = await world.user('ana');
    const newer = await world.user('ana', nth);
    expectPutOut(older);
    expect(newer.messages(auth.synKickout)).toEqual([]);
    expect(world.book).toEqual([expect.stringContaining(`lobby-runner-${nth + 1}/`)]);
    expect(world.tables).toEqual(world.book);
  });

  it('is answered after the older one has got its kickout and is closed', async () => {
    const older = await world.user('ana');
    const client = await world.client(nth);
    const seenAtReply = world
      .login(client, 'ana')
      .then(() => [older.topics.at(-1), world.front(0).runner.size]);
    await expect(settled(seenAtReply)).resolves.toEqual(['net.bye', nth === 0 ? 1 : 0]);
  });

  it('is the same user whatever the case of the name', async () => {
    const older = await world.user('Ana');
    await world.user('ANA', nth);
    expectPutOut(older);
    expect(world.book).toEqual([expect.stringMatching(/^ANA on/)]);
  });

  it('ends the older connection to a room before it is answered, and keeps the seat', async () => {
    await world.user('ana');
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    world.rooms.before = () => ended;
    const client = await world.client(nth);
    const login = world.login(client, 'ana');
    await world.clock.settle();
    expect(world.rooms.askedFor(room.reqGoneF2b)).toMatchObject([
      { user: 'ana', code: 'logged_in_elsewhere' },
    ]);
    expect(world.rooms.askedFor(room.reqSeatF2b)).toHaveLength(1);
    resolve();
    await expect(settled(login)).resolves.toMatchObject({ name: 'ana' });
    const [first, second] = world.rooms.askedFor(room.reqSeatF2b) as { epoch: number }[];
    expect(second?.epoch).toBeGreaterThan(first?.epoch ?? Infinity);
  });
});

describe('F5: logins of one user at one moment', () => {
  it('leave the newest, and every other is put out or never answered', async () => {
    const clients = await Promise.all([0, 1, 0, 1, 1, 0].map((nth) => world.client(nth)));
    const outcomes = Promise.allSettled(clients.map((client) => world.login(client, 'ana')));
    await world.clock.advance(1_000);
    await outcomes;
    const connected = clients.filter(({ ended }) => ended === undefined);
    expect(connected).toHaveLength(1);
    expect(connected[0]?.messages(auth.synKickout)).toEqual([]);
    for (const client of clients) if (client !== connected[0]) expectPutOut(client);
    expect(world.book).toHaveLength(1);
    expect(world.tables).toEqual(world.book);
  });

  it('have epochs that grow', async () => {
    const raw = await RawFront.connect(world.cluster);
    const epochs: number[] = [];
    for (let session = 1; session <= 20; session += 1) {
      const { epoch } = await settled(
        raw.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: session % 3 }),
      );
      epochs.push(epoch);
    }
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });
});

describe('F6: what is late', () => {
  /** lobby-master puts a login of front 0 out; resolves with whether the front did it. */
  async function kick({ name, epoch, session }: User, code = 'kicked'): Promise<boolean> {
    const front = [...world.master.service.fronts.fronts.values()].find(
      ({ up }) => up.node === 'lobby-runner-1',
    );
    if (front === undefined) throw new Error('front 0 is not known to the master');
    const kicking = front.session.call(auth.reqKickB2f, {
      name,
      epoch,
      session,
      code,
      message: '',
    });
    return (await settled(kicking)).kicked;
  }

  /** The only user of front 0. */
  function onlyUser(): User {
    const [user] = world.front(0).runner.listing().items;
    if (user === undefined) throw new Error('nobody is logged in on front 0');
    return user;
  }

  it('a kick of the epoch of now puts the session out', async () => {
    const client = await world.user('ana');
    await expect(kick(onlyUser())).resolves.toBe(true);
    expect(client.messages(auth.synKickout)).toEqual([{ code: 'kicked', message: '' }]);
  });

  it('a kick for a reason that is not known here is a kick all the same', async () => {
    const client = await world.user('ana');
    await expect(kick(onlyUser(), 'of_tomorrow')).resolves.toBe(true);
    expect(client.messages(auth.synKickout)).toEqual([{ code: 'kicked', message: '' }]);
    expect(client.ended).toMatch(/^kicked/);
  });

  it('a kick of an older epoch does nothing to the session that has logged in again', async () => {
    const client = await world.user('ana');
    const older = onlyUser();
    await settled(client.call(auth.reqLogout, {}));
    await settled(world.login(client, 'ben'));
    await expect(kick(older)).resolves.toBe(false);
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual([expect.stringMatching(/^ben/)]);
  });

  it('a kick of an epoch that is over does nothing to a session that is logging in again', async () => {
    await world.accounts.register('ana', 'correct horse');
    const client = await world.user('ana');
    const older = onlyUser();
    await settled(client.call(auth.reqLogout, {}));
    const { promise: hashed, resolve } = Promise.withResolvers<void>();
    world.accounts.before = () => hashed;
    const login = client.call(auth.reqLogin, { name: 'ana', password: 'correct horse' });
    await expect(kick(older)).resolves.toBe(false);
    resolve();
    await expect(settled(login)).resolves.toMatchObject({ name: 'ana' });
  });

  it('a logout of an older login does not remove the newer one', async () => {
    const raw = await RawFront.connect(world.cluster);
    const { epoch } = await settled(raw.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: 1 }));
    await world.user('ana');
    raw.link.send(auth.synLogoutF2b, { name: 'ana', epoch });
    await world.clock.settle();
    expect(raw.kicks).toMatchObject([{ name: 'ana', epoch, session: 1, code: 'logged_in_elsewhere' }]);
    expect(world.book).toEqual(world.tables);
    expect(world.book).toHaveLength(1);
  });

  it('a login that the same connection repeats does not put that connection out', async () => {
    const raw = await RawFront.connect(world.cluster);
    const login = { token: tokenOf('ana'), session: 1 };
    const first = await settled(raw.link.call(auth.reqLoginF2b, login));
    const second = await settled(raw.link.call(auth.reqLoginF2b, login));
    expect(raw.kicks).toEqual([]);
    expect(second.epoch).toBeGreaterThan(first.epoch);
  });
});

describe('a front that does not put the older login out', () => {
  async function silentFront(): Promise<RawFront> {
    const raw = await RawFront.connect(world.cluster);
    await settled(raw.inventory(record('ana', 1, 1)));
    return raw;
  }

  it('loses its link when it says nothing, in time for the newer login to succeed', async () => {
    const raw = await silentFront();
    raw.answer = () => new Promise(() => undefined);
    const client = await world.client();
    const login: Promise<Login> = world.login(client, 'ana');
    await expect(world.cluster.within(4_000, login)).resolves.toMatchObject({ name: 'ana' });
    expect(raw.kicks).toHaveLength(1);
    expect(world.book).toEqual(world.tables);
    expect(raw.link.status.epoch).toBe(2);
  });

  it('loses its link when it fails to, and the newer login succeeds at once', async () => {
    const raw = await silentFront();
    raw.answer = () => {
      throw new Error('it can not');
    };
    const client = await world.client();
    await expect(settled(world.login(client, 'ana'))).resolves.toMatchObject({ name: 'ana' });
    expect(raw.link.fault).toMatch(/^stuck_call/);
  });

  it('holds nobody up who logs in under another name', async () => {
    const raw = await silentFront();
    raw.answer = () => new Promise(() => undefined);
    const held = world.login(await world.client(), 'ana');
    held.catch(() => undefined);
    await world.clock.settle();
    await expect(settled(world.login(await world.client(), 'ben'))).resolves.toMatchObject({ name: 'ben' });
    await world.cluster.within(4_000, held);
  });
});
