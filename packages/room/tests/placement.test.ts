/**
 * Where rooms are made and how they are found: create, reserve, quick and page at room-master, over several
 * runners.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { room as words, service } from '@lobby/protocol';
import { EMPTY_MS, RoomWorld, SEAT_MS } from './harness/room-world.ts';
import type { Runner } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

async function drain({ link, node, address }: Runner): Promise<void> {
  const up = { ...node.identity, version: '1', address, load: {}, draining: true };
  link.send(service.synRoomRunnerUp, up);
  await world.clock.settle();
}

describe('creating a room', () => {
  it('gives the room and a seat in it, at the address of its runner', async () => {
    const { room, seat } = await settled(
      world.create('ana', { title: 'tea', capacity: 2, attributes: { a: 'b' } }),
    );
    const createdAt = world.clock.wallNow();
    expect(room).toEqual({
      roomId: room.roomId,
      title: 'tea',
      capacity: 2,
      users: 0,
      held: 1,
      createdAt,
      attributes: { a: 'b' },
    });
    expect(seat).toMatchObject({ roomId: room.roomId, expiresAt: createdAt + SEAT_MS });
    expect(world.runnerOf(seat).service.size).toBe(1);
    expect(world.books).toEqual(world.rooms);
    expect(world.master.service.held).toBe(1);
  });

  it('happens on the runner that carries least, in turn where they carry the same', async () => {
    const hosts = [];
    for (const user of ['ana', 'ben', 'cleo', 'dan'])
      hosts.push((await settled(world.create(user))).seat.host);
    expect(hosts).toEqual(['rooms-1', 'rooms-2', 'rooms-1', 'rooms-2']);
    const { roomId } = (await settled(world.create('eve', { capacity: 10 }))).room;
    for (const user of ['fay', 'gus', 'hal']) await settled(world.reserve(user, roomId));
    for (const user of ['ian', 'jon']) {
      expect((await settled(world.create(user))).seat.host).toBe('rooms-2');
    }
  });

  it('spreads rooms that are asked for at one moment', async () => {
    const users = Array.from({ length: 10 }, (_, nth) => `user-${nth}`);
    await settled(Promise.all(users.map((user) => world.create(user))));
    expect(world.runners.map((runner) => runner.service.size)).toEqual([5, 5]);
  });

  it('avoids a runner that is draining, and fails where there is no other', async () => {
    await drain(world.runner(0));
    for (const user of ['ana', 'ben', 'cleo'])
      expect((await settled(world.create(user))).seat.host).toBe('rooms-2');
    await drain(world.runner(1));
    await expect(settled(world.create('dan'))).rejects.toMatchObject({ code: 'no_room_runner' });
  });

  it('goes to the next runner where the first is full, and is overloaded where all are', async () => {
    world.runner(1).node.kill();
    world.runner(0).node.kill();
    await world.startRunner({ maxRooms: 1 });
    await world.startRunner({ maxRooms: 2 });
    for (const user of ['ana', 'ben', 'cleo']) await settled(world.create(user));
    await expect(settled(world.create('dan'))).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('fails at once where no runner is up', async () => {
    for (const { node } of world.runners) node.kill();
    await world.clock.settle();
    await expect(settled(world.create('ana'))).rejects.toMatchObject({ code: 'no_room_runner' });
  });
});

describe('creating with a requestId', () => {
  it('gives the same room again, never a second, with a fresh ticket', async () => {
    const first = await settled(world.create('ana', { requestId: 'q' }));
    const again = await settled(world.create('ana', { requestId: 'q', title: 'another' }));
    expect(again.room).toEqual(first.room);
    expect(again.seat.ticket).not.toBe(first.seat.ticket);
    expect(world.master.service.size).toBe(1);
    expect(world.held).toBe(1);
  });

  it('gives one room also to two that are asked at one moment', async () => {
    const [one, two] = await settled(
      Promise.all([world.create('ana', { requestId: 'q' }), world.create('ANA', { requestId: 'q' })]),
    );
    expect(one.room.roomId).toBe(two.room.roomId);
    expect(world.master.service.size).toBe(1);
  });

  it('gives another room to another user, to another request, and after a minute', async () => {
    await settled(world.create('ana', { requestId: 'q' }));
    await settled(world.create('ben', { requestId: 'q' }));
    await settled(world.create('ana', { requestId: 'r' }));
    expect(world.master.service.size).toBe(3);
    const { seat } = await settled(world.create('cleo', { requestId: 'q' }));
    const cleo = await world.enter(seat);
    await world.clock.advance(60_000);
    cleo.close();
    world.loginAgain('cleo');
    await settled(world.create('cleo', { requestId: 'q' }));
    expect(world.master.service.size).toBe(2);
  });

  it('gives the same room after room-master was restarted', async () => {
    const { seat, room } = await settled(world.create('ana', { requestId: 'q' }));
    await world.enter(seat);
    await world.restartMaster();
    expect((await settled(world.create('ana', { requestId: 'q' }))).room.roomId).toBe(room.roomId);
    expect(world.master.service.size).toBe(1);
  });

  it('says room_closed where the room that it made is closed', async () => {
    const { room } = await settled(world.create('ana', { requestId: 'q' }));
    world.runner(0).service.close(room.roomId);
    await world.clock.settle();
    await expect(settled(world.create('ana', { requestId: 'q' }))).rejects.toMatchObject({
      code: 'room_closed',
    });
  });
});

describe('reserving a seat', () => {
  it('fails in a room that nobody knows', async () => {
    await expect(settled(world.reserve('ana', 'nowhere'))).rejects.toMatchObject({ code: 'room_not_found' });
  });

  it('of many who race for the last seats serves as many as there are', async () => {
    const { room } = await settled(world.create('ana', { capacity: 3 }));
    const users = Array.from({ length: 8 }, (_, nth) => `user-${nth}`);
    const outcomes = await settled(Promise.allSettled(users.map((user) => world.reserve(user, room.roomId))));
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failures).toHaveLength(6);
    for (const { reason } of failures) expect(reason).toMatchObject({ code: 'room_full' });
    expect(world.books).toMatchObject([{ held: 3, capacity: 3 }]);
  });

  it('releases an untaken one in another room', async () => {
    const one = await settled(world.create('ana'));
    const two = await settled(world.create('ben'));
    await settled(world.reserve('ana', two.room.roomId));
    expect(world.books).toEqual(world.rooms);
    expect(world.master.service.held).toBe(2);
    const client = await world.client(one.seat);
    await expect(settled(client.call(words.reqCheckin, { ticket: one.seat.ticket }))).rejects.toMatchObject({
      code: 'bad_ticket',
    });
  });

  it('in another room than one is in fails with already_in_room, and so do create and quick', async () => {
    const { roomId } = await world.roomOf('ana');
    const other = await settled(world.create('ben'));
    const asked = [world.reserve('ana', other.room.roomId), world.create('ana'), world.quick('ana')];
    for (const outcome of await settled(Promise.allSettled<object>(asked))) {
      expect(outcome).toMatchObject({ reason: { code: 'already_in_room' } });
    }
    await expect(settled(world.reserve('ana', roomId))).resolves.toMatchObject({
      room: { roomId, users: 1 },
    });
    expect(world.held).toBe(2);
  });

  it('of one user at one moment in many rooms leaves one', async () => {
    const offers = [];
    for (const user of ['ben', 'cleo', 'dan']) offers.push(await settled(world.create(user)));
    await settled(Promise.allSettled(offers.map(({ room }) => world.reserve('ana', room.roomId))));
    expect(world.held).toBe(4);
    expect(world.master.service.held).toBe(4);
  });
});

describe('a quick seat', () => {
  it('is in the oldest room that suits', async () => {
    const full = await settled(world.create('ana', { capacity: 1 }));
    await settled(world.create('ben', { private: true }));
    await world.clock.advance(1);
    const fits = await settled(
      world.create('cleo', { capacity: 2, attributes: { map: 'hill', mode: 'easy' } }),
    );
    await world.clock.advance(1);
    await settled(world.create('dan', { capacity: 2, attributes: { map: 'hill' } }));
    const { room, created } = await settled(world.quick('eve', { capacity: 2, attributes: { map: 'hill' } }));
    expect(room.roomId).toBe(fits.room.roomId);
    expect(room.roomId).not.toBe(full.room.roomId);
    expect(created).toBe(false);
  });

  it('is in a new room of the wish where none suits', async () => {
    await settled(world.create('ana', { capacity: 4, attributes: { map: 'sea' } }));
    const { room, created } = await settled(world.quick('ben', { capacity: 3, attributes: { map: 'hill' } }));
    expect(created).toBe(true);
    expect(room).toMatchObject({ capacity: 3, attributes: { map: 'hill' }, title: "ben's room" });
    expect((await settled(world.quick('cleo', { capacity: 5 }))).room.capacity).toBe(5);
  });

  it('of many at one moment fills rooms without a user too many', async () => {
    const users = Array.from({ length: 7 }, (_, nth) => `user-${nth}`);
    await settled(Promise.all(users.map((user) => world.quick(user, { capacity: 2 }))));
    expect(world.held).toBe(7);
    for (const room of world.rooms as { held: number }[]) expect(room.held).toBeLessThanOrEqual(2);
    expect(world.books).toEqual(world.rooms);
  });
});

describe('a page of rooms', () => {
  it('lists the public rooms of all runners, oldest first', async () => {
    const made = [];
    for (const [nth, user] of ['ana', 'ben', 'cleo'].entries()) {
      made.push((await settled(world.create(user, { private: nth === 1 }))).room.roomId);
      await world.clock.advance(1);
    }
    const { rooms, total } = await settled(world.page());
    expect(rooms.map(({ roomId }) => roomId)).toEqual([made[0], made[2]]);
    expect(total).toBe(2);
    await expect(settled(world.reserve('dan', made[1] ?? ''))).resolves.toMatchObject({ room: { users: 0 } });
  });

  it('shows how many are in a room, and loses it when it is closed', async () => {
    await world.roomOf('ana', 'ben');
    expect((await settled(world.page())).rooms).toMatchObject([{ users: 2 }]);
    const { members } = await world.roomOf('cleo');
    members[0]?.drop();
    await world.clock.advance(60_000);
    expect((await settled(world.page())).rooms).toMatchObject([{ users: 2 }]);
  });
});

describe('a room that nobody is in', () => {
  it('is closed after a while, at its runner and in the books', async () => {
    await settled(world.create('ana'));
    await world.clock.advance(SEAT_MS + EMPTY_MS - 1);
    expect(world.books).toMatchObject([{ held: 0 }]);
    await world.clock.advance(1);
    expect([world.books, world.rooms]).toEqual([[], []]);
  });

  it('stays where somebody reserves a seat in time, and gets the whole time again', async () => {
    const { room } = await settled(world.create('ana'));
    await world.clock.advance(SEAT_MS + EMPTY_MS - 1);
    await settled(world.reserve('ben', room.roomId));
    await world.clock.advance(SEAT_MS + EMPTY_MS - 1);
    expect(world.books).toMatchObject([{ roomId: room.roomId, held: 0 }]);
    await world.clock.advance(1);
    expect(world.books).toEqual([]);
  });
});
