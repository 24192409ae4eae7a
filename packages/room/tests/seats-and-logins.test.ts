/**
 * What becomes of a seat when the login behind it ends or is followed by another one. The lobby-runner here
 * is a link; logins are numbers that grow.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { Seat } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { GRACE_MS, RoomWorld } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

/**
 * The user logs in elsewhere: the older login is told to be gone, then the newer one asks for the way back.
 */
async function loginElsewhere(user: string): Promise<Seat | undefined> {
  await settled(world.gone(world.asker(user), 'logged_in_elsewhere'));
  return settled(world.wayBack(world.loginAgain(user)));
}

describe('the way back', () => {
  it('is no new seat where the old one is freed at that very moment', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    const [, ben] = members as [TestClient, TestClient];
    const [seat] = await settled(
      Promise.all([world.wayBack(world.loginAgain('ben')), ben.call(room.reqLeave, {})]),
    );
    expect(seat).toBeUndefined();
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });
});

describe('a login elsewhere', () => {
  it('ends the older connection to the room with one kickout, keeps the seat, and leads back to it', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const [ana, ben] = members as [TestClient, TestClient];
    const seat = await loginElsewhere('ben');
    expect(ben.topics.slice(-2)).toEqual(['auth.syn_kickout', 'net.bye']);
    expect(ben.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
    expect(seat).toMatchObject({ roomId });
    await world.enter(seat as Seat);
    await world.clock.advance(2 * GRACE_MS);
    expect(ana.topics.slice(2)).toEqual([]);
    expect(world.books).toMatchObject([{ users: 2, held: 2 }]);
  });

  it('gives the seat its grace period, no longer', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await settled(world.gone(world.asker('ben'), 'logged_in_elsewhere'));
    await world.clock.advance(GRACE_MS);
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'disconnected' }]);
  });

  it('voids the older ticket, so that the older login cannot come back', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    const older = await settled(world.reserve('ben', roomId));
    await loginElsewhere('ben');
    const client = await world.client(older.seat);
    await expect(settled(client.call(room.reqCheckin, { ticket: older.seat.ticket }))).rejects.toMatchObject({
      code: 'bad_ticket',
    });
  });

  it('does not put out who came in on the connection of a still newer login, with an older ticket', async () => {
    const onConnections: { login?: number } = {};
    world = await RoomWorld.start({ runners: 0 });
    await world.startRunner({ loginOn: () => onConnections.login });
    const { roomId, members } = await world.roomOf('ana');
    const { seat } = await settled(world.reserve('ben', roomId));
    const between = world.loginAgain('ben');
    onConnections.login = world.loginAgain('ben').epoch;
    const newest = await world.enter(seat);
    await settled(world.gone(between, 'logged_in_elsewhere'));
    expect(newest.ended).toBeUndefined();
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
    await settled(world.gone(world.asker('ben'), 'logged_in_elsewhere'));
    expect(newest.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
  });

  it('frees a reservation that was not taken', async () => {
    const { roomId } = await world.roomOf('ana');
    await settled(world.reserve('ben', roomId));
    await expect(loginElsewhere('ben')).resolves.toBeUndefined();
    expect(world.books).toMatchObject([{ held: 1 }]);
  });

  it('leaves the newer login no way to lose its seat to the older one', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    const older = world.asker('ben');
    const back = (await loginElsewhere('ben')) as Seat;
    const newer = await world.enter(back);
    await settled(world.gone(older, 'left'));
    await settled(world.gone(older, 'kicked'));
    await expect(settled(world.lobby.call(room.reqReserveF2b, { ...older, roomId }))).rejects.toMatchObject({
      code: 'already_in_room',
    });
    await expect(
      settled(world.lobby.call(room.reqCreateF2b, { ...older, title: 't', capacity: 1 })),
    ).rejects.toMatchObject({ code: 'already_in_room' });
    expect(newer.ended).toBeUndefined();
    expect(world.books).toMatchObject([{ users: 2, held: 2 }]);
  });
});

describe('a login', () => {
  it('is led back to a seat whose connection was lost', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    members[1]?.drop();
    await world.clock.advance(5_000);
    const seat = (await settled(world.wayBack(world.loginAgain('ben')))) as Seat;
    expect(seat.roomId).toBe(roomId);
    const ben = await world.client(seat);
    await expect(settled(ben.call(room.reqCheckin, { ticket: seat.ticket }))).resolves.toMatchObject({
      users: ['ana', 'ben'],
    });
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
  });

  it('has no seat to be led back to once it was left, lost, or its runner is gone', async () => {
    expect(await settled(world.wayBack(world.asker('ana')))).toBeUndefined();
    const { members } = await world.roomOf('ana', 'ben', 'cleo');
    await settled((members[0] as TestClient).call(room.reqLeave, {}));
    expect(await settled(world.wayBack(world.loginAgain('ana')))).toBeUndefined();
    members[1]?.drop();
    await world.clock.advance(GRACE_MS);
    expect(await settled(world.wayBack(world.loginAgain('ben')))).toBeUndefined();
    for (const { node } of world.runners) node.kill();
    await world.clock.settle();
    expect(await settled(world.wayBack(world.loginAgain('cleo')))).toBeUndefined();
  });
});

describe('a logout', () => {
  it('frees the seat, ends the place in the room, and lets the connection be', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    const [ana, ben] = members as [TestClient, TestClient];
    await settled(world.gone(world.asker('ben'), 'left'));
    expect(ana.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'left' }]);
    expect(ben.messages(room.synClose)).toMatchObject([{ code: 'left' }]);
    expect(ben.ended).toBeUndefined();
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });

  it('frees a reservation and a seat whose connection was lost', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    await settled(world.reserve('cleo', roomId));
    members[1]?.drop();
    await world.clock.settle();
    for (const user of ['ben', 'cleo']) await settled(world.gone(world.asker(user), 'left'));
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'left' }]);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });

  it('of a user who has no seat is no failure', async () => {
    await expect(settled(world.gone(world.asker('ana'), 'left'))).resolves.toEqual({});
  });
});

describe('a kick', () => {
  it('frees the seat and ends the connection to the room', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await settled(world.gone(world.asker('ben'), 'kicked'));
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'kicked' }]);
    expect(members[1]?.messages(auth.synKickout)).toMatchObject([{ code: 'kicked' }]);
    expect(members[1]?.ended).toMatch(/^kicked/);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });
});

describe('an end of a login for a reason that is not known here', () => {
  it('puts the member out as kicked', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await settled(world.gone(world.asker('ben'), 'of_tomorrow'));
    expect(members[1]?.messages(auth.synKickout)).toMatchObject([{ code: 'kicked' }]);
    expect(members[1]?.ended).toMatch(/^kicked/);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });
});

describe('two seats of one user', () => {
  /**
   * ben enters a room on the first runner, which then is not linked; he enters one on the other, and the link
   * comes back.
   */
  async function twoSeats(): Promise<{ older: TestClient; newer: TestClient; ana: TestClient }> {
    const { members } = await world.roomOf('ana', 'ben');
    const [ana, older] = members as [TestClient, TestClient];
    for (const { session, up } of world.master.service.runners.fronts.values())
      if (up.node === 'room-runner-1') session.close('superseded', 'a test');
    await world.clock.settle();
    const { seat } = await settled(world.create('ben'));
    expect(seat.host).toBe('rooms-2');
    const newer = await world.enter(seat);
    return { older, newer, ana };
  }

  it('become the newer one, as soon as both are known', async () => {
    const { newer, ana } = await twoSeats();
    await world.clock.advance(3_000);
    expect(ana.messages(room.synLeave)).toMatchObject([{ user: 'ben' }]);
    expect(newer.topics).toEqual(['room.res_checkin']);
    expect(world.held).toBe(2);
    expect(world.books).toEqual(world.rooms);
    expect(world.master.service.held).toBe(2);
  });

  it('end the place in the older room as replaced, which is no kickout', async () => {
    const { older } = await twoSeats();
    await world.clock.advance(3_000);
    expect(older.messages(auth.synKickout)).toEqual([]);
    expect(older.messages(room.synClose)).toMatchObject([{ code: 'replaced' }]);
    expect(older.ended).toMatch(/^replaced/);
  });

  it('leave the older connection open where the user is logged in on it', async () => {
    const { older } = await twoSeats();
    for (const session of world.runner(0).port.sessions.values())
      if (session.known('member') === 'ben') session.admit('user', 'ben');
    await world.clock.advance(3_000);
    expect(older.messages(room.synClose)).toMatchObject([{ code: 'replaced' }]);
    expect(older.ended).toBeUndefined();
  });
});
