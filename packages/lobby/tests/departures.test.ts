/**
 * Logins that end while room-master is away: it hears of them when it is back, until it has said that it did.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { LobbyWorld, RECOVERY_MS } from './harness/lobby-world.ts';

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

async function killRoomMaster(): Promise<void> {
  world.rooms.node.kill();
  await world.clock.settle();
}

/** What a room-master that has just come is told, in so long. */
async function toldTo(ms = RECOVERY_MS): Promise<object[]> {
  const fresh = world.startRoomMaster();
  await world.clock.advance(ms);
  return fresh.askedFor(room.reqGoneF2b);
}

function logOut(client: TestClient): Promise<object> {
  return world.cluster.settled(client.call(auth.reqLogout, {}));
}

describe('a login that ends while room-master is away', () => {
  it('by a logout, a kick or a newer login is told when it is back', async () => {
    const [ana] = [await world.user('ana'), await world.user('ben'), await world.user('cleo')];
    await killRoomMaster();
    await logOut(ana);
    await world.cluster.settled(world.master.service.kick('ben'));
    await world.user('cleo', 1);
    const told = (await toldTo()) as { user: string }[];
    expect(new Set(told.map(({ user }) => user))).toEqual(new Set(['ana', 'ben', 'cleo']));
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ user: 'ana', code: 'left' }),
        expect.objectContaining({ user: 'ben', code: 'kicked' }),
        expect.objectContaining({ user: 'cleo', code: 'logged_in_elsewhere' }),
      ]),
    );
  });

  it('is told once only to one that has acknowledged it, and again to its successor within a minute', async () => {
    const ana = await world.user('ana');
    await killRoomMaster();
    await logOut(ana);
    expect(await toldTo(10_000)).toHaveLength(1);
    for (const { roomMaster } of world.fronts) roomMaster.session?.close('superseded', 'a test');
    await world.clock.advance(RECOVERY_MS);
    expect(world.rooms.askedFor(room.reqGoneF2b)).toHaveLength(1);
    await killRoomMaster();
    expect(await toldTo()).toHaveLength(1);
    await world.clock.advance(60_000);
    await killRoomMaster();
    expect(await toldTo()).toEqual([]);
  });

  it('is told for its newest end only, for each of what may become of the seat', async () => {
    await killRoomMaster();
    for (let nth = 0; nth < 3; nth += 1) await logOut(await world.user('ana'));
    await world.user('ana', 0);
    await world.user('ana', 1);
    const epochs = (await toldTo()) as { epoch: number; code: string }[];
    expect(epochs.map(({ code }) => code)).toEqual(['left', 'logged_in_elsewhere']);
    expect(epochs[1]?.epoch).toBe((epochs[0]?.epoch ?? 0) + 1);
  });

  it('is told to a successor of room-master for its newest end, where several were acknowledged', async () => {
    for (let nth = 0; nth < 3; nth += 1) await logOut(await world.user('ana'));
    const acknowledged = world.rooms.askedFor(room.reqGoneF2b) as { epoch: number }[];
    await killRoomMaster();
    expect(await toldTo()).toMatchObject([{ user: 'ana', code: 'left', epoch: acknowledged[2]?.epoch }]);
  });

  it('by a mere loss of the connection is not told: the user may come back to the seat', async () => {
    const ana = await world.user('ana');
    await killRoomMaster();
    ana.drop();
    expect(await toldTo()).toEqual([]);
  });
});

describe('a room-master that is slow to acknowledge', () => {
  it('is told again on the same link until it has, and keeps a logout waiting for a second at most', async () => {
    const ana = await world.user('ana');
    let slow = true;
    world.rooms.before = () => (slow ? new Promise(() => undefined) : Promise.resolve());
    await world.cluster.within(1_000, ana.call(auth.reqLogout, {}));
    expect(world.rooms.askedFor(room.reqGoneF2b).length).toBeGreaterThanOrEqual(1);
    slow = false;
    await world.clock.advance(2_000);
    const asked = world.rooms.askedFor(room.reqGoneF2b).length;
    expect(asked).toBeGreaterThan(1);
    await world.clock.advance(10_000);
    expect(world.rooms.askedFor(room.reqGoneF2b)).toHaveLength(asked);
  });
});
