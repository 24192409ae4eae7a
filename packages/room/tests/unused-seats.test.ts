/** Who reserves seats and never comes holds them no longer than is told, and is made to wait. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { Failure, room } from '@lobby/protocol';
import { UnusedSeats } from '../src/unused-seats.ts';
import { rawRunner, recordOf, seatIn } from './harness/raw-runner.ts';
import { RoomWorld, SEAT_MS } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

/** The failure of a call; `undefined` where it did not fail. */
function failureOf(promise: Promise<unknown>): Promise<Failure | undefined> {
  return world.settled(
    promise.then(
      () => undefined,
      (error: unknown) => error as Failure,
    ),
  );
}

/** Reserves, never comes, until the seat is free again. */
async function letExpire(user: string, roomId: string): Promise<void> {
  await world.settled(world.reserve(user, roomId));
  await world.clock.advance(SEAT_MS);
}

describe('A18: reservations that nobody takes', () => {
  it('A18: of who asks again every 9 s and never comes leave the last seat to a friend', async () => {
    const { roomId } = await world.settled(world.create('ana', { capacity: 2 })).then(({ seat }) => seat);
    await world.settled(world.reserve('mallory', roomId));
    let waitedMs = 0;
    for (; waitedMs < 120_000; waitedMs += 1_000) {
      await world.clock.advance(1_000);
      if (waitedMs % 9_000 === 0) await failureOf(world.reserve('mallory', roomId));
      if ((await failureOf(world.reserve('friend', roomId))) === undefined) break;
    }
    expect(waitedMs).toBeLessThanOrEqual(16_000);
  });

  it('A18: are throttled from the third in a minute on, for 30 s, and the wait is told', async () => {
    const { roomId } = await world.roomOf('ana');
    for (let nth = 0; nth < 3; nth += 1) await letExpire('mallory', roomId);
    for (const ask of [
      () => world.reserve('Mallory', roomId),
      () => world.quick('mallory'),
      () => world.create('mallory'),
    ])
      expect(await failureOf(ask())).toMatchObject({
        code: 'throttled',
        retryAfterMs: 30_000,
        mayHaveRun: false,
      });
    expect(await failureOf(world.reserve('ben', roomId))).toBeUndefined();
    await world.clock.advance(29_999);
    expect(await failureOf(world.reserve('mallory', roomId))).toMatchObject({ retryAfterMs: 1 });
    await world.clock.advance(1);
    expect(await failureOf(world.reserve('mallory', roomId))).toBeUndefined();
  });

  it('A18: make way for no other, though the word that the seat is free again is under way', async () => {
    const seat = { user: 'mallory', epoch: 1, roomId: 'r' };
    const link = await rawRunner(world, { books: { rooms: [recordOf('r')], seats: [seatIn('r', seat)] } });
    const tell = (more: object): void => {
      const books = { rooms: [], closed: [], seats: [seatIn('r', { ...seat, ...more })] };
      link.send(room.synChangesF2b, books);
    };
    for (let nth = 0; nth < 3; nth += 1) {
      tell({ held: false, unused: true });
      tell({ held: true });
    }
    await world.clock.settle();
    const asked: unknown[] = [];
    link.pulse.answer(room.reqReserveB2f, (_, request) => {
      asked.push(request.mustHold);
      throw new Failure('seat_expired', 'it is free again');
    });
    expect(await failureOf(world.reserve('mallory', 'r'))).toMatchObject({
      code: 'throttled',
      retryAfterMs: 30_000,
    });
    expect(asked).toEqual([true]);
  });

  it('A18: are forgotten at a check-in', async () => {
    const { roomId } = await world.roomOf('ana');
    await letExpire('ben', roomId);
    await letExpire('ben', roomId);
    const ben = await world.enter((await world.settled(world.reserve('ben', roomId))).seat);
    await world.settled(ben.call(room.reqLeave, {}));
    await letExpire('ben', roomId);
    await letExpire('ben', roomId);
    expect(await failureOf(world.reserve('ben', roomId))).toBeUndefined();
  });

  it("A18: do not count where the user's own next create or reserve has replaced them soon", async () => {
    const { roomId } = await world.roomOf('ana');
    const other = await world.roomOf('cleo');
    for (let nth = 0; nth < 12; nth += 1) {
      await world.settled(world.reserve('ben', nth % 2 === 0 ? roomId : other.roomId));
      await world.clock.advance(SEAT_MS / 2 - 1);
      if (nth % 3 === 0) await world.settled(world.create('ben'));
    }
    expect(await failureOf(world.reserve('ben', roomId))).toBeUndefined();
  });

  it('A18: count where they are given up for another one just before they expire', async () => {
    const { roomId } = await world.roomOf('ana');
    const other = await world.roomOf('cleo');
    for (let nth = 0; nth < 3; nth += 1) {
      await world.settled(world.reserve('mallory', roomId));
      await world.clock.advance(SEAT_MS - 1);
      expect(await failureOf(world.reserve('mallory', other.roomId))).toBeUndefined();
    }
    expect(await failureOf(world.reserve('mallory', roomId))).toMatchObject({ code: 'throttled' });
  });

  it('A18: of a seat that is kept for a lost connection are held no longer by asking again', async () => {
    const { roomId, members } = await world.roomOf('ana', 'mallory');
    members[1]?.drop();
    for (let ms = 0; ms < 40_000; ms += 8_000) {
      await world.clock.advance(8_000);
      if (world.books.some((one) => (one as { held: number }).held === 1)) return;
      await failureOf(world.reserve('mallory', roomId));
    }
    expect(world.books).toMatchObject([{ held: 1 }]);
  });

  it('A18: show in what is told of a room: seats held, beside those who are there', async () => {
    const { roomId } = await world.roomOf('ana');
    await world.settled(world.reserve('ben', roomId));
    const { rooms } = await world.settled(world.page());
    expect(rooms).toMatchObject([{ roomId, users: 1, held: 2 }]);
  });

  it('A18: a seat that is held stays in reach, and who is seated may log in again', async () => {
    const { roomId, members } = await world.roomOf('ana', 'mallory');
    members[1]?.drop();
    await world.clock.settle();
    expect(await failureOf(world.reserve('mallory', roomId))).toBeUndefined();
    expect(await world.settled(world.wayBack(world.loginAgain('mallory')))).toMatchObject({ roomId });
  });
});

describe('A18: the memory of them', () => {
  it('A18: throttles exactly those who left three unused within a minute, and for 30 s after the last', async () => {
    const step = fc.record({
      user: fc.nat(3),
      act: fc.constantFrom('unused', 'unused', 'unused', 'came'),
      passMs: fc.integer({ min: 1, max: 25_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { size: 'max', maxLength: 60 }), async (steps) => {
        const clock = new VirtualClock();
        const seats = new UnusedSeats(clock);
        const overAt = new Map<number, number[]>();
        for (const { user, act, passMs } of steps) {
          if (act === 'came') {
            seats.came(`user-${user}`);
            overAt.delete(user);
          } else {
            seats.note(`USER-${user}`);
            overAt.set(user, [...(overAt.get(user) ?? []), clock.now()]);
          }
          await clock.advance(passMs);
          for (let nth = 0; nth <= 3; nth += 1) {
            const last = (overAt.get(nth) ?? []).slice(-3);
            const [first = 0, , third] = last;
            const isOver = third === undefined || third - first > 60_000 || clock.now() >= third + 30_000;
            expect(seats.throttledForMs(`user-${nth}`)).toBe(isOver ? 0 : third + 30_000 - clock.now());
          }
        }
      }),
    );
  });

  it('A18: is bounded, and when it is full nobody who waits is forgotten', async () => {
    const clock = new VirtualClock();
    const seats = new UnusedSeats(clock, 10);
    for (let nth = 0; nth < 3; nth += 1) seats.note('mallory');
    for (let nth = 0; nth < 100; nth += 1) seats.note(`user-${nth}`);
    expect(seats.size).toBe(10);
    expect(seats.throttledForMs('mallory')).toBe(30_000);
    await clock.advance(60_001);
    expect(seats.size).toBe(0);
    expect(clock.timers).toBe(0);
  });
});
