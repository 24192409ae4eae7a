/**
 * Logins that fail late, or must fail: whoever was told so is nowhere in the books, and nobody is put out for
 * them.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth } from '@lobby/protocol';
import { LobbyWorld } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';
import { RawFront, record } from './harness/raw-front.ts';

const SLOW_KICK_MS = 2_900;
const ANA = { name: 'ana', password: 'a long password' };

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

function after(ms: number): Promise<void> {
  return new Promise((resolve) => world.clock.setTimer(ms, resolve));
}

async function slowFront(name: string): Promise<RawFront> {
  const front = await RawFront.connect(world.cluster, name);
  front.answer = async () => {
    await after(SLOW_KICK_MS);
    return { kicked: true };
  };
  return front;
}

describe('a login whose turn comes so late that its front was told deadline', () => {
  it('leaves nothing in the book that the front does not have', async () => {
    const one = await slowFront('raw-1');
    const two = await slowFront('raw-2');
    await world.cluster.settled(one.inventory(record('ana', 1, 1)));
    const before = two.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: 1 });
    const late = world.login(await world.client(), 'ana');
    late.catch(() => undefined);
    await world.clock.advance(10_000);
    await expect(before).resolves.toMatchObject({ name: 'ana' });
    await expect(late).rejects.toMatchObject({ code: 'deadline', mayHaveRun: true });
    expect([one.kicks.length, two.kicks.length]).toEqual([1, 1]);
    expect(world.book).toEqual([]);
    expect(world.book).toEqual(world.tables);
  });

  it('puts out nobody who has logged in meanwhile', async () => {
    const ben = await world.client(1);
    await world.accounts.register(ANA.name, ANA.password);
    let slow = true;
    world.accounts.before = () => (slow ? after(6_000) : Promise.resolve());
    const late = (await world.client()).call(auth.reqLogin, ANA);
    late.catch(() => undefined);
    await world.clock.advance(1_000);
    slow = false;
    await world.cluster.settled(world.login(ben, 'ana'));
    await world.clock.advance(10_000);
    await expect(late).rejects.toMatchObject({ code: 'deadline' });
    expect(ben.ended).toBeUndefined();
    expect(world.book).toHaveLength(1);
    expect(world.book).toEqual(world.tables);
  });
});

describe('a login of which the client was told deadline by its front', () => {
  it('is over on the front too, and the same connection may log in again', async () => {
    const client = await world.client();
    await world.accounts.register(ANA.name, ANA.password);
    world.accounts.before = () => after(4_500);
    world.rooms.before = () => new Promise(() => undefined);
    const late = client.call(auth.reqLogin, ANA);
    late.catch(() => undefined);
    await world.clock.advance(6_000);
    await expect(late).rejects.toMatchObject({ code: 'deadline', mayHaveRun: true });
    expect(world.tables).toEqual([]);
    expect(world.book).toEqual([]);
    world.rooms.before = () => Promise.resolve();
    await expect(world.cluster.settled(world.login(client, 'ana'))).resolves.toMatchObject({ name: 'ana' });
  });
});

describe('a connection on which somebody is checked in', () => {
  it.each(['token', 'password'] as const)(
    'refuses another user by %s before that user is put out anywhere',
    async (by) => {
      await world.accounts.register(ANA.name, ANA.password);
      const elsewhere = await world.user('ana', 1);
      const client = await world.client(0);
      for (const session of world.front(0).port.sessions.values()) session.admit('member', 'ben');
      const credentials = by === 'token' ? { token: tokenOf('ana') } : ANA;
      await expect(world.cluster.settled(client.call(auth.reqLogin, credentials))).rejects.toMatchObject({
        code: 'bad_request',
        message: 'ben is checked in on this connection: leave the room first',
      });
      expect(elsewhere.ended).toBeUndefined();
      expect(elsewhere.messages(auth.synKickout)).toEqual([]);
      expect(world.book).toEqual(world.tables);
      await expect(world.cluster.settled(world.login(client, 'BEN'))).resolves.toMatchObject({ name: 'BEN' });
    },
  );
});
