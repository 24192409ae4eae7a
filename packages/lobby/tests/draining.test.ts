/**
 * A front or a lobby-master that is about to stop: nobody new gets in, who is there stays, and everybody is
 * told at once.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Drain } from '@lobby/discovery';
import { auth, room } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { LobbyWorld } from './harness/lobby-world.ts';

const ANA = { name: 'ana', password: 'a long password' };

let world: LobbyWorld;
let drain: Drain;

beforeEach(() => {
  drain = new Drain();
});

function failureOf(client: TestClient, name: string): Promise<unknown> {
  return world.cluster.settled(world.login(client, name)).then(
    () => 'logged in',
    (error: { code: string; mayHaveRun: boolean }) => [error.code, error.mayHaveRun],
  );
}

describe('a front that drains', () => {
  let user: TestClient;
  let newcomer: TestClient;

  beforeEach(async () => {
    world = await LobbyWorld.start({ fronts: 0 });
    await world.startFront(1, { drain });
    await world.startFront(2);
    user = await world.user('ben');
    newcomer = await world.client();
    drain.begin();
    await world.clock.settle();
  });

  it('refuses logins and registrations as draining, without asking lobby-master', async () => {
    expect(await failureOf(newcomer, 'ana')).toEqual(['draining', false]);
    await expect(world.cluster.settled(newcomer.call(auth.reqRegister, ANA))).rejects.toMatchObject({
      code: 'draining',
    });
    await expect(world.accounts.verify(ANA.name, ANA.password)).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    expect(world.book).toEqual([expect.stringMatching(/^ben /)]);
  });

  it('goes on serving who is logged in, until the user logs out', async () => {
    await expect(world.cluster.settled(user.call(room.reqReserve, { roomId: 'r1' }))).resolves.toMatchObject({
      room: { roomId: 'r1' },
    });
    await world.cluster.settled(user.call(auth.reqLogout, {}));
    expect(world.book).toEqual([]);
    expect(await failureOf(user, 'ben')).toEqual(['draining', false]);
  });

  it('tells lobby-master at once', () => {
    const told = [...world.master.service.fronts.fronts.values()].map(({ up }) => [up.node, up.draining]);
    expect(told).toEqual([
      ['lobby-runner-1', true],
      ['lobby-runner-2', false],
    ]);
  });

  it('gives its users up to another front', async () => {
    const elsewhere = await world.client(1);
    await world.cluster.settled(world.login(elsewhere, 'ben'));
    expect(user.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
    expect(world.book).toEqual(world.tables);
  });
});

describe('a lobby-master that drains', () => {
  beforeEach(async () => {
    world = new LobbyWorld();
    await world.startMaster({ drain });
    world.startRoomMaster();
    await world.startFront(1);
  });

  it('refuses logins and registrations as draining, and checks no credentials', async () => {
    const client = await world.client();
    drain.begin();
    await world.clock.settle();
    let checked = false;
    world.accounts.before = async () => void (checked = true);
    expect(await failureOf(client, 'ana')).toEqual(['draining', false]);
    const asked = [client.call(auth.reqRegister, ANA), client.call(auth.reqLogin, ANA)];
    for (const outcome of await world.cluster.settled(Promise.allSettled<object>(asked)))
      expect(outcome).toMatchObject({ reason: { code: 'draining' } });
    expect(checked).toBe(false);
  });

  it('still takes logouts, and finishes a login that is under way', async () => {
    const user = await world.user('ben');
    const slow = await world.client();
    const gate = Promise.withResolvers<void>();
    await world.accounts.register(ANA.name, ANA.password);
    world.accounts.before = () => gate.promise;
    const login = slow.call(auth.reqLogin, ANA);
    await world.clock.settle();
    drain.begin();
    expect(world.master.port.openAnswers).toBe(1);
    gate.resolve();
    await expect(world.cluster.settled(login)).resolves.toMatchObject({ name: 'ana' });
    expect(world.master.port.openAnswers).toBe(0);
    await world.cluster.settled(user.call(auth.reqLogout, {}));
    expect(world.book).toEqual([expect.stringMatching(/^ana /)]);
  });
});
