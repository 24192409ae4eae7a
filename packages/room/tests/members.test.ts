/**
 * What members of a room live through: check-in, chat, leave, a lost connection, a second connection, the end
 * of the room.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { GRACE_MS, RoomWorld, SEAT_MS } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

function checkIn(
  client: TestClient,
  ticket: string,
): ReturnType<typeof client.call<{ ticket: string }, object>> {
  return settled(client.call(room.reqCheckin, { ticket }));
}

function chat(client: TestClient, text: string): Promise<{ id: number }> {
  return client.call(room.reqChat, { text });
}

describe('F14: check-in', () => {
  it('is told who is there, and everybody else who has come', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const { seat } = await settled(world.reserve('cleo', roomId));
    const cleo = await world.client(seat);
    await expect(checkIn(cleo, seat.ticket)).resolves.toMatchObject({
      room: { roomId, users: 3 },
      users: ['ana', 'ben', 'cleo'],
    });
    expect(members.map((member) => member.messages(room.synEnter))).toEqual([
      [{ user: 'ben' }, { user: 'cleo' }],
      [{ user: 'cleo' }],
    ]);
    expect(cleo.messages(room.synEnter)).toEqual([]);
    expect(world.books).toMatchObject([{ users: 3, held: 3 }]);
  });

  it('is answered before anything that is said in the room', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const { seat } = await settled(world.reserve('cleo', roomId));
    const cleo = await world.client(seat);
    const [ana, ben] = members as [TestClient, TestClient];
    chat(ana, 'before').catch(() => undefined);
    const checkedIn = cleo.call(room.reqCheckin, { ticket: seat.ticket });
    chat(ben, 'after').catch(() => undefined);
    await settled(checkedIn);
    expect(cleo.topics[0]).toBe('room.res_checkin');
    expect(cleo.messages(room.synChat).map(({ text }) => text)).toEqual(['after']);
    expect(ana.topics.indexOf('room.syn_enter', 3)).toBeLessThan(ana.topics.lastIndexOf('room.syn_chat'));
  });

  it('with a ticket that was used, is unknown or is for a seat that a fresh one was given to fails', async () => {
    const { seat } = await settled(world.create('ana'));
    const client = await world.client(seat);
    await expect(checkIn(client, 'x')).rejects.toMatchObject({ code: 'bad_ticket' });
    const fresh = await settled(world.reserve('ana', seat.roomId));
    await expect(checkIn(client, seat.ticket)).rejects.toMatchObject({ code: 'bad_ticket' });
    await checkIn(client, fresh.seat.ticket);
    const other = await world.client(seat);
    await expect(checkIn(other, fresh.seat.ticket)).rejects.toMatchObject({ code: 'bad_ticket' });
    expect(client.ended).toBeUndefined();
  });

  it('with the ticket of another user fails on a connection that is logged in', async () => {
    const { seat } = await settled(world.create('ana'));
    const client = await world.client(seat);
    for (const session of world.runner().port.sessions.values()) session.admit('user', 'ben');
    await expect(checkIn(client, seat.ticket)).rejects.toMatchObject({ code: 'bad_ticket' });
    for (const session of world.runner().port.sessions.values()) session.admit('user', 'ANA');
    await expect(checkIn(client, seat.ticket)).resolves.toMatchObject({ users: ['ana'] });
  });

  it('fails on a connection that is in another room, and the ticket stays good', async () => {
    const { members } = await world.roomOf('ana');
    const { seat } = await settled(world.create('ben'));
    await expect(checkIn(members[0] as TestClient, seat.ticket)).rejects.toMatchObject({
      code: 'already_in_room',
    });
    await expect(checkIn(await world.client(seat), seat.ticket)).resolves.toMatchObject({ users: ['ben'] });
  });

  it('after the leave takes the same connection into another room', async () => {
    const { members } = await world.roomOf('ana');
    const [ana] = members as [TestClient];
    await settled(ana.call(room.reqLeave, {}));
    const { seat } = await settled(world.create('ana'));
    await expect(checkIn(ana, seat.ticket)).resolves.toMatchObject({ users: ['ana'] });
    await expect(settled(chat(ana, 'hi'))).resolves.toEqual({ id: 1 });
  });
});

describe('F13: a reservation that nobody takes', () => {
  it('is released, told to nobody in the room, and expired for a later check-in', async () => {
    const { roomId, members } = await world.roomOf('ana');
    const { seat } = await settled(world.reserve('ben', roomId));
    await world.clock.advance(SEAT_MS - 1);
    expect(world.books).toMatchObject([{ users: 1, held: 2 }]);
    await world.clock.advance(1);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
    await expect(checkIn(await world.client(seat), seat.ticket)).rejects.toMatchObject({
      code: 'seat_expired',
    });
    expect(members[0]?.topics).toEqual(['room.res_checkin']);
    expect(world.runner().service.members.tickets.expired).toBe(1);
  });

  it('makes room for somebody else', async () => {
    const { room: made } = await settled(world.create('ana', { capacity: 1 }));
    await expect(settled(world.reserve('ben', made.roomId))).rejects.toMatchObject({ code: 'room_full' });
    await world.clock.advance(SEAT_MS);
    await expect(settled(world.reserve('ben', made.roomId))).resolves.toMatchObject({
      room: { capacity: 1 },
    });
  });
});

describe('chat', () => {
  it('is heard by everybody in one order, by the sender too', async () => {
    const { members } = await world.roomOf('ana', 'ben', 'cleo');
    const said = Array.from({ length: 12 }, (_, nth) => chat(members[nth % 3] as TestClient, `word ${nth}`));
    const ids = (await settled(Promise.all(said))).map(({ id }) => id);
    expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, nth) => nth + 1));
    const [first, ...others] = members.map((member) => member.messages(room.synChat));
    expect(first?.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, nth) => nth + 1));
    for (const other of others) expect(other).toEqual(first);
    const one = first?.find(({ text }) => text === 'word 4');
    expect(one).toEqual({ id: ids[4], from: 'ben', text: 'word 4', at: world.clock.wallNow() });
  });

  it('is heard in its own room only, and by nobody who has left', async () => {
    const here = await world.roomOf('ana', 'ben');
    const there = await world.roomOf('cleo');
    await settled((here.members[1] as TestClient).call(room.reqLeave, {}));
    await settled(chat(here.members[0] as TestClient, 'alone'));
    expect(here.members[1]?.messages(room.synChat)).toEqual([]);
    expect(there.members[0]?.messages(room.synChat)).toEqual([]);
  });

  it('and leave fail for whoever is in no room: unauthenticated, or not_in_room after a login or a leave', async () => {
    const { seat } = await settled(world.create('ana'));
    const client = await world.client(seat);
    await expect(settled(chat(client, 'hi'))).rejects.toMatchObject({ code: 'unauthenticated' });
    await checkIn(client, seat.ticket);
    await settled(client.call(room.reqLeave, {}));
    await expect(settled(chat(client, 'hi'))).rejects.toMatchObject({ code: 'not_in_room' });
    await expect(settled(client.call(room.reqLeave, {}))).rejects.toMatchObject({ code: 'not_in_room' });
  });
});

describe('leaving', () => {
  it('frees the seat and is told to the others', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await expect(settled((members[1] as TestClient).call(room.reqLeave, {}))).resolves.toEqual({});
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'left' }]);
    expect(members[1]?.messages(room.synLeave)).toEqual([]);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });

  it('lets the connection be for as long as a login may take', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    const [ana, ben] = members as [TestClient, TestClient];
    await settled(ben.call(room.reqLeave, {}));
    await world.clock.advance(9_000);
    expect(ben.ended).toBeUndefined();
    await world.clock.advance(5_000);
    expect(ben.ended).toMatch(/^login_timeout/);
    expect(ana.ended).toBeUndefined();
  });
});

describe('a member whose connection is lost', () => {
  it('keeps the seat for the grace period; then the others are told disconnected', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    members[1]?.drop();
    await world.clock.advance(GRACE_MS - 1);
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
    expect(world.books).toMatchObject([{ users: 2, held: 2 }]);
    await world.clock.advance(1);
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'disconnected' }]);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });

  it('comes back within it without a word to the others', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    members[1]?.close();
    await world.clock.advance(GRACE_MS - 1);
    const { seat } = await settled(world.reserve('ben', roomId));
    const ben = await world.enter(seat);
    await world.clock.advance(2 * GRACE_MS);
    expect(members[0]?.topics.slice(2)).toEqual([]);
    await settled(chat(ben, 'back'));
    expect(members[0]?.messages(room.synChat)).toHaveLength(1);
    expect(world.books).toMatchObject([{ users: 2, held: 2 }]);
  });

  it('is waited for as long as a fresh ticket is good, and no longer', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    members[1]?.drop();
    await world.clock.advance(GRACE_MS - 1);
    const { seat } = await settled(world.reserve('ben', roomId));
    await world.clock.advance(SEAT_MS - 1);
    expect(world.books).toMatchObject([{ held: 2 }]);
    await world.clock.advance(1);
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'disconnected' }]);
    await expect(checkIn(await world.client(seat), seat.ticket)).rejects.toMatchObject({
      code: 'seat_expired',
    });
  });

  it('keeps the seat for the whole grace period although a fresh ticket expires before', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    members[1]?.drop();
    await world.clock.settle();
    await settled(world.reserve('ben', roomId));
    await world.clock.advance(GRACE_MS - 1);
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
    await world.clock.advance(1);
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'disconnected' }]);
  });

  it('may take a fresh ticket that was given while the old connection seemed alive', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const { seat } = await settled(world.reserve('ben', roomId));
    members[1]?.drop();
    await world.clock.settle();
    await expect(checkIn(await world.client(seat), seat.ticket)).resolves.toMatchObject({
      users: ['ana', 'ben'],
    });
    await world.clock.advance(2 * GRACE_MS);
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
  });

  it('gives the seat up where the user reserves another one', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    members[1]?.drop();
    await world.clock.settle();
    await settled(world.create('ben'));
    expect(members[0]?.messages(room.synLeave)).toEqual([{ user: 'ben', reason: 'disconnected' }]);
    expect(world.held).toBe(2);
  });
});

describe('a second connection to the same seat', () => {
  it('that never comes, and whose ticket expires, leaves the first one where it is', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    await settled(world.reserve('ben', roomId));
    await world.clock.advance(2 * SEAT_MS);
    await expect(settled(chat(members[1] as TestClient, 'hi'))).resolves.toEqual({ id: 1 });
    expect(members[0]?.messages(room.synLeave)).toEqual([]);
  });

  it('replaces the first, which is told and ended; the others hear nothing', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const newer = await world.enter((await settled(world.reserve('ben', roomId))).seat);
    const [ana, older] = members as [TestClient, TestClient];
    expect(older.messages(room.synClose)).toMatchObject([{ code: 'replaced' }]);
    expect(older.topics.slice(-2)).toEqual(['room.syn_close', 'net.bye']);
    expect(older.ended).toMatch(/^replaced/);
    expect(ana.topics.slice(2)).toEqual([]);
    await settled(chat(newer, 'hi'));
    expect(ana.messages(room.synChat)).toMatchObject([{ from: 'ben' }]);
    await world.clock.advance(2 * GRACE_MS);
    expect(world.books).toMatchObject([{ users: 2, held: 2 }]);
  });

  it('leaves the first one open where a user is logged in on it', async () => {
    const { roomId, members } = await world.roomOf('ana');
    for (const session of world.runner().port.sessions.values()) session.admit('user', 'ana');
    await world.enter((await settled(world.reserve('ana', roomId))).seat);
    const [older] = members as [TestClient];
    expect(older.messages(room.synClose)).toMatchObject([{ code: 'replaced' }]);
    expect(older.ended).toBeUndefined();
    await expect(settled(chat(older, 'hi'))).rejects.toMatchObject({ code: 'not_in_room' });
  });

  it('may be the first connection itself', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const [ana, ben] = members as [TestClient, TestClient];
    const { seat } = await settled(world.reserve('ben', roomId));
    await expect(checkIn(ben, seat.ticket)).resolves.toMatchObject({ users: ['ana', 'ben'] });
    expect(ben.messages(room.synClose)).toEqual([]);
    await settled(chat(ben, 'hi'));
    expect(ana.messages(room.synChat)).toHaveLength(1);
  });
});

describe('a room that is closed by the operator', () => {
  it('tells its members, voids its tickets, and is gone from the books', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const { seat } = await settled(world.reserve('cleo', roomId));
    expect(world.runner().service.close(roomId, 'too loud')).toBe(true);
    expect(world.runner().service.close(roomId)).toBe(false);
    await world.clock.settle();
    for (const member of members)
      expect(member.messages(room.synClose)).toEqual([{ code: 'room_closed', message: 'too loud' }]);
    expect([world.books, world.master.service.held]).toEqual([[], 0]);
    const cleo = await world.client(seat);
    await expect(checkIn(cleo, seat.ticket)).rejects.toMatchObject({ code: 'room_closed' });
    await expect(settled(chat(members[0] as TestClient, 'hi'))).rejects.toMatchObject({
      code: 'not_in_room',
    });
    await expect(settled(world.reserve('dan', roomId))).rejects.toMatchObject({ code: 'room_not_found' });
    await expect(settled(world.create('ana'))).resolves.toMatchObject({ room: { title: "ana's room" } });
  });
});

describe('a room-runner that is stopped', () => {
  it('leaves no timer', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    await settled(world.reserve('cleo', roomId));
    await settled(world.create('dan'));
    members[1]?.drop();
    await world.clock.settle();
    await settled(world.runner().stop());
    await settled(Promise.all([world.lobby.stop(), world.master.port.stop()]));
    await world.master.service.part.stop();
    // Whoever lost connections without a farewell looks once more whether there are others.
    await world.clock.advance(1_000);
    expect(world.clock.timers).toBe(0);
  });

  it('tells its members that it stops, then ends their connections', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await settled(world.runner().stop());
    for (const member of members) {
      expect(member.messages(auth.synKickout)).toMatchObject([{ code: 'shutting_down' }]);
      expect(member.topics.slice(-2)).toEqual(['auth.syn_kickout', 'net.bye']);
      expect(member.ended).toMatch(/^shutting_down/);
    }
  });

  it('leaves it to the login to tell those who are logged in on the same connection', async () => {
    const { members } = await world.roomOf('ana');
    for (const session of world.runner().port.sessions.values()) session.admit('user', 'ana');
    await settled(world.runner().stop());
    expect(members[0]?.messages(auth.synKickout)).toEqual([]);
    expect(members[0]?.ended).toMatch(/^shutting_down/);
  });
});
