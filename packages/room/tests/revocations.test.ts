/** A user who is put out holds no seat, in whatever state it is, and nobody is connected to it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { room } from '@lobby/protocol';
import { RECOVERY_MS, RoomWorld } from './harness/room-world.ts';

/** Above every login of the tests. */
const ABOVE_ALL = 1_000;
const REVOKED = { user: 'ana', epoch: ABOVE_ALL };

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

describe('A17: who logs out everywhere', () => {
  it('keeps the seat on the connection that stays, and loses it nowhere else', async () => {
    const one = await RoomWorld.start({ runners: 0 });
    const logins = new Map<string, number>();
    await one.startRunner({ loginOn: (session) => logins.get(session.known('member') ?? '') });
    await one.clock.advance(RECOVERY_MS);
    const { members } = await one.roomOf('ana', 'ben');
    logins.set('ana', ABOVE_ALL + 1);
    const everywhere = { epoch: ABOVE_ALL, code: 'logged_in_elsewhere' };
    for (const user of ['ana', 'ben'])
      await one.settled(one.gone({ user, epoch: everywhere.epoch }, everywhere.code));
    expect(members[0]?.ended).toBeUndefined();
    expect(members[1]?.ended).toMatch(/^logged_in_elsewhere/);
    expect(one.books).toMatchObject([{ held: 2 }]);
  });
});

describe('A7: who is put out', () => {
  it('is put out of the room, and room-master says of which', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({ roomId });
    expect(members[0]?.ended).toMatch(/^kicked/);
    expect(members[1]?.messages(room.synLeave)).toEqual([{ user: 'ana', reason: 'kicked' }]);
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({});
  });

  it('has no reservation and no ticket any more', async () => {
    const { room: made, seat } = await world.settled(world.create('ana'));
    const { roomId } = made;
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({ roomId });
    const client = await world.client(seat);
    const checkIn = client.call(room.reqCheckin, { ticket: seat.ticket });
    await expect(world.settled(checkIn)).rejects.toMatchObject({ code: 'bad_ticket' });
  });

  it('has no seat that waits for the lost connection', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    members[0]?.drop();
    await world.clock.settle();
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({ roomId });
    expect(world.books).toMatchObject([{ roomId, held: 1 }]);
  });

  it('is put out when the room-runner is back, where it is away', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    for (const { session } of [...world.master.service.runners.fronts.values()])
      session.close('superseded', 'a test');
    await world.clock.settle();
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({});
    await world.clock.advance(RECOVERY_MS);
    expect(members[0]?.ended).toMatch(/^kicked/);
  });

  it('may come back with a newer login, which a word that is told again does not touch', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    await world.settled(world.gone(REVOKED, 'kicked'));
    const newer = { user: 'ana', epoch: ABOVE_ALL + 1 };
    const offer = await world.settled(world.lobby.call(room.reqReserveF2b, { ...newer, roomId }));
    const member = await world.enter(offer.seat);
    await expect(world.settled(world.gone(REVOKED, 'kicked'))).resolves.toEqual({});
    expect(member.ended).toBeUndefined();
  });
});
