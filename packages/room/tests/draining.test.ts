/** Servers that are about to stop: nothing new is placed on them, what is there goes on to its end. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Drain } from '@lobby/discovery';
import type { TestClient } from '@lobby/discovery/testing';
import { Failure, auth, room } from '@lobby/protocol';
import { RoomWorld } from './harness/room-world.ts';

let world: RoomWorld;
let drain: Drain;

beforeEach(() => {
  drain = new Drain();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

const DRAINING = { code: 'draining', mayHaveRun: false };

describe('a room-runner that drains', () => {
  let roomId: string;
  let members: TestClient[];

  beforeEach(async () => {
    world = await RoomWorld.start({ runners: 0 });
    await world.startRunner({ drain });
    ({ roomId, members } = await world.roomOf('ana', 'ben'));
  });

  async function begin(): Promise<void> {
    drain.begin();
    await world.clock.settle();
  }

  it('takes no new room and no new seat', async () => {
    await begin();
    await expect(settled(world.create('cleo'))).rejects.toMatchObject({ code: 'no_room_runner' });
    await expect(settled(world.reserve('cleo', roomId))).rejects.toMatchObject(DRAINING);
    await expect(settled(world.quick('cleo'))).rejects.toMatchObject({ code: 'no_room_runner' });
    expect(world.books).toMatchObject([{ roomId, held: 2 }]);
  });

  it('lets the user of a seat check in, and come back', async () => {
    const { seat } = await settled(world.reserve('cleo', roomId));
    await begin();
    const cleo = await world.enter(seat);
    cleo.drop();
    await world.clock.settle();
    const way = await settled(world.wayBack(world.loginAgain('cleo')));
    expect(way).toMatchObject({ roomId });
    const again = await settled(world.reserve('ben', roomId));
    expect(again.room).toMatchObject({ users: 3 });
  });

  it('goes on carrying chat, and is waited for while anybody is connected to a room', async () => {
    await begin();
    const [ana, ben] = members as [TestClient, TestClient];
    await settled(ana.call(room.reqChat, { text: 'still here' }));
    expect(ben.messages(room.synChat)).toMatchObject([{ text: 'still here' }]);
    expect(drain.waitsFor).toEqual(['2 connections are in rooms here']);
    await settled(ana.call(room.reqLeave, {}));
    ben.drop();
    await world.clock.settle();
    expect(drain.waitsFor).toEqual([]);
  });

  it('stops when it is told to: who is left is told, after every chat that was acknowledged', async () => {
    await begin();
    const [ana, ben] = members as [TestClient, TestClient];
    const said = ana.call(room.reqChat, { text: 'the last one' });
    await world.clock.settle();
    await expect(said).resolves.toEqual({ id: 1 });
    const stopped = world.runner().stop();
    await world.clock.advance(2_000);
    await stopped;
    expect(ben.topics.slice(-3)).toEqual([room.synChat.name, auth.synKickout.name, 'net.bye']);
    expect(ben.messages(auth.synKickout)).toMatchObject([{ code: 'shutting_down' }]);
    expect(ben.ended).toMatch(/^shutting_down/);
    expect(world.books).toEqual([]);
  });

  it('is told to room-master at once, and gets no room while others are there', async () => {
    await world.startRunner();
    await begin();
    for (const user of ['cleo', 'dan', 'eve']) {
      await expect(settled(world.create(user))).resolves.toMatchObject({ seat: { host: 'rooms-2' } });
    }
    await expect(settled(world.quick('fay', { capacity: 4 }))).resolves.toMatchObject({
      seat: { host: 'rooms-2' },
      created: false,
    });
  });

  it('is passed over by quick and create although room-master has not heard of it yet', async () => {
    await world.startRunner();
    drain.refuseNew = () => {
      throw new Failure('draining', 'not announced yet');
    };
    await expect(settled(world.quick('cleo', { capacity: 4 }))).resolves.toMatchObject({
      seat: { host: 'rooms-2' },
      created: true,
    });
    await expect(settled(world.create('dan'))).resolves.toMatchObject({ seat: { host: 'rooms-2' } });
    await expect(settled(world.reserve('eve', roomId))).rejects.toMatchObject(DRAINING);
  });
});

describe('a room-master that drains', () => {
  beforeEach(async () => {
    world = await RoomWorld.start({ runners: 0 });
    await world.killMaster();
    await world.startMaster({ drain });
    await world.clock.advance(3_000);
    await world.startRunner();
  });

  it('makes no room, and goes on finding seats and ways back', async () => {
    const { roomId } = await world.roomOf('ana');
    const made = await settled(world.create('ben', { requestId: 'q1' }));
    drain.begin();
    await expect(settled(world.create('cleo'))).rejects.toMatchObject(DRAINING);
    await expect(settled(world.quick('cleo', { capacity: 7 }))).rejects.toMatchObject(DRAINING);
    await expect(settled(world.quick('cleo'))).resolves.toMatchObject({ created: false });
    await expect(settled(world.create('ben', { requestId: 'q1' }))).resolves.toMatchObject({
      room: { roomId: made.room.roomId },
    });
    await expect(settled(world.wayBack(world.loginAgain('ana')))).resolves.toMatchObject({ roomId });
  });
});
