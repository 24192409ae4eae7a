/**
 * A front that tells of what it cannot hold loses its link, and nothing of what it told is left: rooms are
 * made, seats are given and taken as before, by this room-master and by those that come after it.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_INCARNATION, MAX_NUMBER, room } from '@lobby/protocol';
import { rawRunner, recordOf, seatIn } from './harness/raw-runner.ts';
import type { Books, SeatRecord } from './harness/raw-runner.ts';
import { RECOVERY_MS, RoomWorld } from './harness/room-world.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

function isDistrusted(of = world): boolean {
  return (of.master.port.traffic.closed.get('implausible') ?? 0) > 0;
}

describe('A12: a room-runner', () => {
  it.each([MAX_INCARNATION + 1, 2_097_152, LARGEST])(
    'that knew a room-master of number %d is not believed',
    async (incarnation) => {
      const link = await rawRunner(world, { incarnation });
      expect(isDistrusted()).toBe(true);
      expect(link.session?.state).not.toBe('established');
      await expect(world.settled(world.create('ana'))).resolves.toMatchObject({ seat: { host: 'rooms-1' } });
    },
  );

  it.each<[string, Partial<SeatRecord>]>([
    ['a seat of a grant that nobody gave', { grant: LARGEST }],
    ['a seat of a grant of a room-master that never was', { grant: 77 * 2 ** 32 }],
    ['a seat of a login of no possible number', { epoch: LARGEST }],
  ])('that holds %s is not believed', async (_, more) => {
    await rawRunner(world, { books: { rooms: [recordOf('r-raw')], seats: [seatIn('r-raw', more)] } });
    expect(isDistrusted()).toBe(true);
    expect(world.books).toEqual([]);
    await expect(world.settled(world.create('eve'))).resolves.toMatchObject({ seat: { host: 'rooms-1' } });
  });

  it.each<[string, (roomId: string) => Partial<Books>]>([
    ['holds a room that another one holds', (roomId) => ({ rooms: [recordOf(roomId)] })],
    ['has closed a room that another one holds', (roomId) => ({ closed: [roomId] })],
    ['has a seat in a room that another one holds', (roomId) => ({ seats: [seatIn(roomId)] })],
    [
      'has freed a seat in such a room',
      (roomId) => ({ seats: [seatIn(roomId, { user: 'ana', held: false })] }),
    ],
  ])('that says that it %s is believed in all but that', async (_, books) => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const before = world.books;
    const more = books(roomId);
    const rooms = [...(more.rooms ?? []), recordOf('r-own')];
    await rawRunner(world, { books: { ...more, rooms } });
    expect(world.books).toHaveLength(before.length + 1);
    expect(world.books).toEqual(expect.arrayContaining(before));
    expect(world.master.service.disputed).toBe(1);
    expect(members[0]?.ended).toBeUndefined();
    expect(await world.settled(world.wayBack(world.asker('ana')))).toMatchObject({ roomId });
  });

  it('that tells of the rooms of another one first does not shut that one out', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    const { room: other } = await world.settled(world.create('cleo'));
    await world.killMaster();
    await world.startMaster();
    await rawRunner(world, { books: { rooms: [recordOf(roomId)] } });
    await world.clock.advance(25_000);
    expect(world.master.port.traffic.closed.get('implausible') ?? 0).toBe(0);
    expect(world.runner().service.reasons).toEqual([]);
    expect(world.books).toEqual(
      expect.arrayContaining([expect.objectContaining({ roomId: other.roomId, front: 'room-runner-1' })]),
    );
  });

  it('that never tells what it holds keeps nobody waiting for ever', async () => {
    await world.killMaster();
    await world.startMaster();
    await rawRunner(world, { draining: true });
    await world.clock.advance(20_000);
    const create = world.create('ana', { requestId: 'once' });
    await expect(world.settled(create)).resolves.toMatchObject({ seat: { host: 'rooms-1' } });
  });

  it('uses up no number, whatever it tells, nor does it for those who come after', async () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: LARGEST }),
      fc.constantFrom(LARGEST, MAX_NUMBER, MAX_NUMBER + 1, MAX_INCARNATION, MAX_INCARNATION + 1, 2 ** 33 - 1),
    );
    const told = fc.record({
      incarnation: fc.option(number, { nil: undefined }),
      grant: number,
      epoch: number,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 4 }), async (words) => {
        const one = await RoomWorld.start();
        for (const [nth, { incarnation, ...more }] of words.entries()) {
          const roomId = `r-${nth}`;
          const books = { rooms: [recordOf(roomId)], seats: [seatIn(roomId, more)] };
          const link = await rawRunner(one, { incarnation, books, name: `raw-${nth}` });
          await one.settled(link.stop());
          await one.restartMaster();
        }
        await one.clock.advance(RECOVERY_MS);
        const { room: made, seat } = await one.settled(one.create('ana'));
        await one.enter(seat);
        await expect(one.settled(one.reserve('ben', made.roomId))).resolves.toMatchObject({
          room: { roomId: made.roomId },
        });
        expect(Number.isSafeInteger(one.master.service.lastGrant + 1)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('A12: a lobby-runner', () => {
  it.each<[string, (asker: { user: string; epoch: number }) => Promise<unknown>]>([
    [
      'asks for a room',
      (asker) => world.lobby.call(room.reqCreateF2b, { ...asker, title: 'tea', capacity: 4 }),
    ],
    ['asks for any room', (asker) => world.lobby.call(room.reqQuickF2b, asker)],
    ['asks for a seat', (asker) => world.lobby.call(room.reqReserveF2b, { ...asker, roomId: 'r' })],
    ['asks for the way back', (asker) => world.lobby.call(room.reqSeatF2b, asker)],
    ['tells of the end', (asker) => world.gone(asker, 'left')],
  ])('that %s of a login of no possible number is not believed', async (_, ask) => {
    await expect(world.settled(ask({ user: 'ana', epoch: LARGEST }))).rejects.toBeDefined();
    expect(isDistrusted()).toBe(true);
    await world.clock.advance(RECOVERY_MS);
    const { seat } = await world.settled(world.create('ana'));
    const member = await world.enter(seat);
    expect(member.ended).toBeUndefined();
  });
});
