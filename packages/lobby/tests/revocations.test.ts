/**
 * A user who is put out holds nothing any more, whether there is a login to end or not: room-master is told,
 * by whatever front can reach it, and as soon as one can.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { Seat } from '@lobby/protocol';
import { SEAT } from './harness/fake-room-master.ts';
import { LobbyWorld, RECOVERY_MS } from './harness/lobby-world.ts';
import { RawFront } from './harness/raw-front.ts';

type Gone = ReturnType<LobbyWorld['rooms']['askedFor']>;

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

function kick(name: string): Promise<unknown> {
  return world.cluster.settled(world.master.service.kick(name));
}

function told(): Gone {
  return world.rooms.askedFor(room.reqGoneF2b);
}

/** Logged in, with a seat, and then gone without a word. */
async function seatOnly(name: string, seat: Seat = SEAT): Promise<number> {
  const client = await world.user(name);
  const [{ epoch } = { epoch: -1 }] = world.front(0).runner.listing().items;
  world.rooms.seats.set(name, seat);
  client.drop();
  await world.clock.settle();
  expect(world.book).toEqual([]);
  return epoch;
}

describe('A7: a user who has a seat and no login', () => {
  it('is put out of the room by a kick, which says so', async () => {
    const epoch = await seatOnly('ana');
    await expect(kick('ANA')).resolves.toEqual({
      kicked: 'ANA',
      wasLoggedIn: false,
      seatPending: false,
    });
    await expect(kick('ana')).resolves.toEqual({
      kicked: 'ana',
      wasLoggedIn: false,
      roomId: 'r1',
      seatPending: false,
    });
    for (const one of told() as { epoch: number }[]) {
      expect(one).toMatchObject({ code: 'kicked' });
      expect(one.epoch).toBeGreaterThan(epoch);
    }
  });

  it('is put out by way of a front that reaches room-master, where another does not', async () => {
    await seatOnly('ana');
    await world.cluster.settled(world.front(0).roomMaster.stop());
    await expect(kick('ana')).resolves.toMatchObject({ roomId: 'r1', seatPending: false });
  });

  it('is put out when room-master is back, where it is away', async () => {
    await seatOnly('ana');
    world.rooms.node.kill();
    await world.clock.settle();
    const answer = await kick('ana');
    expect(answer).toEqual({ kicked: 'ana', wasLoggedIn: false, seatPending: true });
    const fresh = world.startRoomMaster();
    await world.clock.advance(RECOVERY_MS);
    expect(fresh.askedFor(room.reqGoneF2b)).toContainEqual(
      expect.objectContaining({ user: 'ana', code: 'kicked' }),
    );
  });

  it('is put out when a front comes, where there is none', async () => {
    await seatOnly('ana');
    for (const { node } of world.fronts) node.kill();
    await world.clock.settle();
    await expect(kick('ana')).resolves.toMatchObject({ wasLoggedIn: false, seatPending: true });
    await world.startFront();
    await world.clock.advance(RECOVERY_MS);
    expect(told()).toContainEqual(expect.objectContaining({ user: 'ana', code: 'kicked' }));
    const count = told().length;
    await world.clock.advance(10 * RECOVERY_MS);
    expect(told()).toHaveLength(count);
  });

  it('is put out although a front says nothing, or knows nothing of the word', async () => {
    await seatOnly('ana');
    const raw = await RawFront.connect(world.cluster);
    await expect(kick('ana')).resolves.toMatchObject({ roomId: 'r1', seatPending: false });
    expect(raw.link.session?.state).toBe('established');
  });

  it('leaves no timer where lobby-master stops', async () => {
    for (const { node } of world.fronts) node.kill();
    await world.clock.settle();
    await kick('ana');
    await world.master.service.part.stop();
    const fresh = await world.startFront();
    await world.clock.advance(RECOVERY_MS);
    expect(fresh.runner.size).toBe(0);
    expect(told()).toEqual([]);
  });
});

describe('A7: a user who is logged in', () => {
  it('is put out, and the seat ends too', async () => {
    const ana = await world.user('ana');
    world.rooms.seats.set('ana', SEAT);
    await expect(kick('ana')).resolves.toEqual({
      kicked: 'ana',
      wasLoggedIn: true,
      roomId: 'r1',
      seatPending: false,
    });
    expect(ana.messages(auth.synKickout)).toMatchObject([{ code: 'kicked' }]);
    expect([world.book, world.tables]).toEqual([[], []]);
  });

  it('at a front that is away is put out when it comes back', async () => {
    const ana = await world.user('ana');
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.settle();
    await expect(kick('ana')).resolves.toMatchObject({ wasLoggedIn: false });
    await world.clock.advance(RECOVERY_MS);
    expect(ana.messages(auth.synKickout)).toMatchObject([{ code: 'kicked' }]);
    expect([world.book, world.tables]).toEqual([[], []]);
  });
});
