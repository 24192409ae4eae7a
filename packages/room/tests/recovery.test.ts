/**
 * Runners and masters that die and come back: what the books say is what the runners hold, at once and again.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { room, service } from '@lobby/protocol';
import { established } from '@lobby/pulse';
import type { TestClient } from '@lobby/discovery/testing';
import type { Recovery } from '@lobby/discovery';
import { GRACE_MS, RECOVERY_MS, ROOM_MASTER, RoomWorld, SEAT_MS } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

function chat(client: TestClient | undefined, text: string): Promise<unknown> {
  return settled((client as TestClient).call(room.reqChat, { text }));
}

describe('F4: a room-runner that dies', () => {
  it('takes its rooms and seats out of the books at once, and no others', async () => {
    const dead = await world.roomOf('ana');
    const { roomId } = await world.roomOf('ben');
    world.runner(0).node.kill();
    await world.clock.settle();
    expect(world.books).toMatchObject([{ roomId, front: 'room-runner-2' }]);
    expect(world.master.service.held).toBe(1);
    await expect(settled(world.reserve('cleo', dead.roomId))).rejects.toMatchObject({
      code: 'room_not_found',
    });
    await expect(settled(world.create('ana'))).resolves.toMatchObject({ seat: { host: 'rooms-2' } });
  });

  it('leaves no timer to a room-master that has stopped', async () => {
    await world.roomOf('ana');
    world.runner(0).node.kill();
    await world.clock.settle();
    const before = world.clock.timers;
    const { part } = world.master.service;
    for (let times = 0; times < 2; times += 1) await part.stop();
    // Which room the request has made, the runner that is away, and what is to be cleared away of it.
    expect(world.clock.timers).toBe(before - 3);
  });

  it('makes a call that waits for it fail with mayHaveRun, at once', async () => {
    const creating = world.create('ana');
    creating.catch(() => undefined);
    world.clock.endOfTurn(() => world.clock.endOfTurn(() => world.runner(0).node.kill()));
    const outcome = settled(creating);
    await expect(outcome).rejects.toMatchObject({ code: 'backend_unavailable', mayHaveRun: true });
  });
});

describe('F15: a room-master that comes back without a memory', () => {
  it('knows all rooms and seats again', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    await world.roomOf('cleo');
    await settled(world.reserve('dan', roomId));
    members[1]?.drop();
    await world.clock.settle();
    const before = world.books;
    await world.restartMaster();
    expect(world.books).toEqual(before);
    expect(world.books).toEqual(world.rooms);
    expect(world.master.service.held).toBe(4);
    for (const runner of world.runners) expect(runner.service.reasons).toEqual([]);
  });

  it('knows more rooms than fit into one page', async () => {
    const users = Array.from({ length: 1_050 }, (_, nth) => `user-${nth}`);
    await settled(Promise.all(users.map((user) => world.create(user))));
    await world.restartMaster();
    expect(world.master.service.size).toBe(1_050);
    expect(world.master.service.held).toBe(1_050);
    expect(world.books).toEqual(world.rooms);
  });

  it('leads every member back, and refuses a second seat', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    await world.restartMaster();
    await expect(settled(world.wayBack(world.asker('ben')))).resolves.toMatchObject({ roomId });
    await expect(settled(world.create('ana'))).rejects.toMatchObject({ code: 'already_in_room' });
  });

  it('gives a seat a newer grant than any that was given before, although the wall clock was set back', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    world.clock.stepWall(-3_600_000);
    await world.restartMaster();
    await settled(world.reserve('cleo', roomId));
    // cleo's older seat is not linked when she takes a newer one: the newer one must win.
    for (const { session } of world.master.service.runners.fronts.values()) {
      if (session.peer?.node === 'room-runner-1') session.close('superseded', 'a test');
    }
    await world.clock.settle();
    const { room: newer } = await settled(world.create('cleo'));
    await world.clock.advance(RECOVERY_MS);
    expect(world.books).toEqual(world.rooms);
    expect(world.books).toContainEqual(expect.objectContaining({ roomId: newer.roomId, held: 1 }));
  });

  it('lets the newer of two seats stay that it gave before it had heard of the older one, the clock set back', async () => {
    await world.roomOf('ana', 'ben');
    await world.killMaster();
    world.clock.stepWall(-3_600_000);
    await world.startMaster();
    let isAway = true;
    world.master.port.sub(established, (session) => {
      if (isAway && session.peer?.node === 'room-runner-1') session.close('superseded', 'not yet');
    });
    while (world.lobby.session === undefined || world.master.service.runners.fronts.size === 0)
      await world.clock.advance(1);
    const { room: newer } = await settled(world.create('ben'));
    isAway = false;
    await world.clock.advance(RECOVERY_MS);
    expect(world.books).toEqual(world.rooms);
    expect(world.books).toContainEqual(expect.objectContaining({ roomId: newer.roomId, held: 1 }));
    expect(world.master.service.books.seats.get('ben')?.record.roomId).toBe(newer.roomId);
  });

  it('lists rooms in the order in which they were made', async () => {
    const made = [];
    for (const user of ['ana', 'ben', 'cleo', 'dan']) {
      made.push((await settled(world.create(user))).room.roomId);
      await world.clock.advance(1);
    }
    await world.restartMaster();
    expect((await settled(world.page())).rooms.map(({ roomId }) => roomId)).toEqual(made);
  });
});

describe('while room-master is away', () => {
  it('members chat and leave, connections come and go, and the books are right after it is back', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben', 'cleo', 'dan');
    const [ana, ben, cleo, dan] = members;
    const { seat } = await settled(world.reserve('dan', roomId));
    await world.killMaster();
    await chat(ana, 'still here');
    expect(ben?.messages(room.synChat)).toMatchObject([{ text: 'still here' }]);
    await settled((ben as TestClient).call(room.reqLeave, {}));
    cleo?.drop();
    dan?.drop();
    const back = await world.enter(seat);
    await world.clock.advance(GRACE_MS);
    expect(ana?.messages(room.synLeave)).toEqual([
      { user: 'ben', reason: 'left' },
      { user: 'cleo', reason: 'disconnected' },
    ]);
    await world.startMaster();
    await world.clock.advance(RECOVERY_MS);
    expect(world.books).toMatchObject([{ roomId, users: 2, held: 2 }]);
    expect(world.books).toEqual(world.rooms);
    expect(world.master.service.held).toBe(2);
    await expect(chat(back, 'me too')).resolves.toEqual({ id: 2 });
  });

  it('a ticket that was given before is still good, and one that is not used expires', async () => {
    const one = await settled(world.create('ana'));
    const two = await settled(world.create('ben'));
    await world.killMaster();
    await world.enter(one.seat);
    await world.clock.advance(SEAT_MS);
    await world.startMaster();
    await world.clock.advance(RECOVERY_MS);
    expect(world.books).toContainEqual(
      expect.objectContaining({ roomId: one.room.roomId, users: 1, held: 1 }),
    );
    expect(world.books).toContainEqual(
      expect.objectContaining({ roomId: two.room.roomId, users: 0, held: 0 }),
    );
  });

  it('what needs it is refused at once', async () => {
    await world.killMaster();
    const asked = [world.create('ana'), world.page(), world.quick('ana')];
    for (const outcome of await settled(Promise.allSettled<object>(asked))) {
      expect(outcome).toMatchObject({ reason: { code: 'backend_unavailable', mayHaveRun: false } });
    }
    expect(world.runner(0).service.reasons).toEqual([expect.stringMatching(/^room-master is connecting/)]);
  });
});

describe('an inventory', () => {
  it('is told again a second later where the master did not take it', async () => {
    world.runner(1).node.kill();
    await world.roomOf('ana');
    await world.killMaster();
    const node = world.cluster.node('room-master');
    const port = node.servicePort(ROOM_MASTER);
    port.sub(service.synRoomRunnerUp, (session) => {
      session.send(service.synRoomMasterUp, { ...node.identity, version: '1', load: {}, draining: false });
    });
    const told: { at: number; rooms: number; seats: number; last: boolean }[] = [];
    port.answer(room.reqInventoryF2b, (_, { rooms, seats, last }) => {
      told.push({ at: world.clock.now(), rooms: rooms.length, seats: seats.length, last });
      if (told.length < 3) throw new Error('not yet');
      return {};
    });
    await port.start();
    await world.clock.advance(5_000);
    expect(told.map(({ at }) => at - (told[0]?.at ?? 0))).toEqual([0, 1_000, 2_000]);
    for (const one of told) expect(one).toMatchObject({ rooms: 1, seats: 1, last: true });
    expect(world.runner(0).service.reasons).toEqual([]);
  });
});

describe('the recovery of a room-master', () => {
  it('is over when its runners have told what they hold and the window has passed; lobbies have nothing to tell', async () => {
    await world.roomOf('ana', 'ben');
    await world.killMaster();
    const { service: master } = await world.startMaster();
    const recovery = master.runners.recovery as Recovery;
    await world.clock.advance(RECOVERY_MS - 1);
    expect(recovery.recovered).toBe(false);
    expect(recovery.status.fronts).toEqual([
      { service: 'room-runner', node: 'room-runner-1', reported: true, held: { rooms: 1, seats: 2 } },
      { service: 'room-runner', node: 'room-runner-2', reported: true, held: { rooms: 0, seats: 0 } },
    ]);
    expect(master.lobbies.recovery).toBeUndefined();
    await world.clock.advance(1);
    expect(recovery.recovered).toBe(true);
  });
});
