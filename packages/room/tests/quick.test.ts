/**
 * Users who look for any room at one moment: they meet, whatever fails meanwhile, and the rooms that are
 * there are filled first.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Announcement } from '@lobby/discovery';
import { Failure, room as words, service } from '@lobby/protocol';
import type { ResponseOf } from '@lobby/protocol';
import { RECOVERY_MS, ROOM_MASTER, RoomWorld } from './harness/room-world.ts';

type Quick = ResponseOf<typeof words.reqQuick>;
type Wish = Parameters<RoomWorld['quick']>[1];

/** Over room-master a seat takes about 15 turns: an act may fall between any two of its steps. */
const TURNS = 20;
/** Longer than anybody is made to wait here. */
const LONG_MS = 60_000;

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

function people(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => `user-${nth}`);
}

/** All of them ask, at one moment. */
function allQuick(users: readonly string[], wish?: Wish, of = world): Promise<Quick[]> {
  return of.settled(Promise.all(users.map((user) => of.quick(user, wish))));
}

function roomIds(offers: readonly Quick[]): Set<string> {
  return new Set(offers.map(({ room }) => room.roomId));
}

/** Orders for rooms and seats that room-master has given out while `task` ran. */
async function orders(task: () => Promise<unknown>): Promise<number> {
  const before = world.master.service.lastGrant;
  await task();
  return world.master.service.lastGrant - before;
}

function failures(outcomes: readonly PromiseSettledResult<unknown>[]): (string | undefined)[] {
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? codeOf(outcome.reason) : undefined));
}

function codeOf(reason: unknown): string {
  if (reason instanceof Failure) return reason.code;
  throw reason;
}

describe('A16: users who look for any room at one moment', () => {
  it.each([
    [24, 8, 3],
    [24, 2, 12],
    [24, 24, 1],
    [25, 24, 2],
    [5, 1, 5],
  ])('%d of them, in rooms of %d, are in %d rooms', async (users, capacity, rooms) => {
    const offers = await allQuick(people(users), { capacity });
    expect(roomIds(offers).size).toBe(rooms);
    expect(offers.filter(({ created }) => created)).toHaveLength(rooms);
    expect(world.held).toBe(users);
    expect(world.books).toEqual(world.rooms);
  });

  it('meet whether or not they say the capacity that is given by default', async () => {
    const mixed = people(8).map((user, nth) => world.quick(user, nth % 2 === 0 ? {} : { capacity: 8 }));
    expect(roomIds(await settled(Promise.all(mixed))).size).toBe(1);
  });

  it('meet in the order in which attributes are told, and with nobody who wishes for others', async () => {
    const wishes = [
      { attributes: { map: 'hill', mode: 'easy' } },
      { attributes: { mode: 'easy', map: 'hill' } },
      { attributes: { map: 'hill","mode":"easy' } },
      {},
    ];
    const offers = await settled(
      Promise.all(people(8).map((user, nth) => world.quick(user, wishes[nth % wishes.length]))),
    );
    expect(roomIds(offers).size).toBe(3);
  });

  it('take the free seats of the rooms that are there, the fullest first', async () => {
    const { roomId: emptier } = await world.roomOf('ana');
    const { roomId: fuller } = await world.roomOf('ben', 'cleo');
    const [first, second, ...others] = await allQuick(people(5));
    expect([first, second].map((offer) => offer?.room.roomId)).toEqual([fuller, fuller]);
    expect(others.map(({ room }) => room.roomId)).toEqual([emptier, emptier, emptier]);
  });

  it('do not run to a seat that somebody is being given by name', async () => {
    const { roomId } = await world.roomOf('ana', 'ben', 'cleo');
    const asked = await orders(async () => {
      const named = world.reserve('dan', roomId);
      const [quick] = await allQuick(['eve']);
      expect(quick).toMatchObject({ created: true });
      await named;
    });
    expect(asked).toBe(2);
  });

  const existing = fc.array(
    fc.record({ capacity: fc.integer({ min: 1, max: 5 }), seats: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 3 },
  );
  const crowd = fc.record({
    capacity: fc.integer({ min: 1, max: 5 }),
    arrivals: fc.array(fc.nat(TURNS), { minLength: 1, maxLength: 24, size: 'max' }),
    existing,
  });

  it('have as many rooms made as they need and no more, at whatever steps of the others they come', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, async ({ capacity, arrivals, existing: rooms }) => {
        const one = await RoomWorld.start({ runners: 2 });
        let free = 0;
        for (const [nth, room] of rooms.entries()) {
          const { roomId } = (await one.settled(one.create(`host-${nth}`, room))).room;
          const seats = Math.min(room.seats, room.capacity);
          for (let guest = 1; guest < seats; guest += 1)
            await one.settled(one.reserve(`guest-${nth}-${guest}`, roomId));
          if (room.capacity === capacity) free += room.capacity - seats;
        }
        const held = one.held;
        const offers: Quick[] = [];
        for (const [nth, turn] of arrivals.entries())
          afterTurns(
            one,
            turn,
            () => void one.quick(`user-${nth}`, { capacity }).then((o) => offers.push(o)),
          );
        await one.clock.settle();
        const needed = Math.ceil(Math.max(0, arrivals.length - free) / capacity);
        expect(offers).toHaveLength(arrivals.length);
        expect(offers.filter(({ created }) => created)).toHaveLength(needed);
        expect(one.rooms).toHaveLength(rooms.length + needed);
        expect(one.held).toBe(held + arrivals.length);
        expect(one.books).toEqual(one.rooms);
        expect(one.master.service.held).toBe(one.held);
      }),
      { numRuns: 60 },
    );
  });

  const fault = fc.record({
    turn: fc.nat(30),
    kind: fc.constantFrom('cut a runner', 'cut all runners', 'kill a runner', 'restart master'),
  });

  it('all get one seat, and few rooms are made, whatever is lost meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, fc.array(fault, { maxLength: 3 }), async ({ capacity, arrivals }, faults) => {
        const one = await RoomWorld.start({ runners: 0 });
        for (let nth = 0; nth < 3; nth += 1) await one.startRunner({ seatExpiresMs: LONG_MS });
        await one.clock.advance(RECOVERY_MS);
        let lost = 0;
        const seated = new Map<string, Quick>();
        const ask = (user: string): void =>
          void one.quick(user, { capacity, requestId: `${user}'s` }).then(
            (offer) => seated.set(user, offer),
            (error: unknown) => {
              if (!['backend_unavailable', 'no_room_runner'].includes(codeOf(error))) throw error;
              if ((error as Failure).mayHaveRun) lost += 1;
              one.clock.setTimer(100, () => ask(user));
            },
          );
        for (const [nth, turn] of arrivals.entries()) afterTurns(one, turn, () => ask(`user-${nth}`));
        for (const { turn, kind } of faults) afterTurns(one, turn, () => harm(one, kind));
        await one.clock.settle();
        await one.clock.advance(2 * RECOVERY_MS);
        // A room of a runner that is dead for certain is given up after ten seconds.
        await one.clock.advance(10_000);
        expect(seated.size).toBe(arrivals.length);
        expect(one.books).toEqual(one.rooms);
        const hasDied = faults.some(({ kind }) => kind === 'kill a runner');
        if (!hasDied) expect(one.held).toBe(arrivals.length);
        expect(one.master.service.held).toBe(one.held);
        const requests = requestsOf(one);
        expect(requests).toEqual([...new Set(requests)]);
        if (faults.length === 0) expect(one.rooms).toHaveLength(Math.ceil(arrivals.length / capacity));
        // A making that was lost may have made a room, which its maker alone can find for a while; and a room
        // that is not full yet may be with a runner that is away.
        const excess = one.rooms.length - Math.ceil(arrivals.length / capacity);
        expect(excess).toBeLessThanOrEqual(lost + faults.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a quick seat', () => {
  it('is in no room that everybody has left', async () => {
    const { seat, room } = await settled(world.create('ana', { capacity: 2 }));
    const ana = await world.enter(seat);
    await settled(ana.call(words.reqLeave, {}));
    expect(world.books).toMatchObject([{ roomId: room.roomId, held: 0 }]);
    const { room: other } = await settled(world.quick('ben', { capacity: 2 }));
    expect(other.roomId).not.toBe(room.roomId);
  });

  it('is in a room in which a seat is reserved and nobody is yet', async () => {
    const { room } = await settled(world.create('ana', { capacity: 2 }));
    expect((await settled(world.quick('ben', { capacity: 2 }))).room.roomId).toBe(room.roomId);
  });

  it('is in a room that was full when somebody asked for it by name, and is not any more', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    for (const user of ['cleo', 'dan']) await settled(world.reserve(user, roomId));
    await expect(settled(world.reserve('eve', roomId))).rejects.toMatchObject({ code: 'room_full' });
    await settled((members[1] as (typeof members)[0]).call(words.reqLeave, {}));
    expect((await settled(world.quick('fay'))).room.roomId).toBe(roomId);
  });

  it('is in another room where the runner refuses, whatever the books say', async () => {
    const { roomId } = await world.roomOf('ana');
    for (const { service: runner } of world.runners) {
      const room = runner.rooms.get(roomId);
      if (room === undefined) continue;
      room.reserve = () => {
        throw new Failure('room_full', 'a test');
      };
    }
    await expect(settled(world.quick('ben', { requestId: 'q' }))).resolves.toMatchObject({ created: true });
  });

  it('is asked for by name where room-master has it in its books that nobody is there', async () => {
    const { seat, room } = await settled(world.create('ana', { capacity: 2 }));
    await settled((await world.enter(seat)).call(words.reqLeave, {}));
    await expect(settled(world.reserve('ben', room.roomId))).resolves.toMatchObject({
      room: { roomId: room.roomId },
    });
  });
});

describe('a room that could not be made', () => {
  it.each([
    ['no runner is up', 'no_room_runner', async () => world.runners.forEach(({ node }) => node.kill())],
    [
      'every runner is full',
      'overloaded',
      async () => {
        world.runners.forEach(({ node }) => node.kill());
        await world.startRunner({ maxRooms: 0 });
      },
    ],
  ] as const)('because %s is told to all who waited for it', async (_, code, prepare) => {
    await prepare();
    await world.clock.settle();
    const asked = await orders(async () => {
      const outcomes = await settled(Promise.allSettled(people(24).map((user) => world.quick(user))));
      expect(failures(outcomes)).toEqual(people(24).map(() => code));
    });
    expect(asked).toBe(code === 'overloaded' ? 3 : 0);
  });

  it('because its runner was lost is made by one of those who waited', async () => {
    const quicks = Promise.allSettled(people(8).map((user) => world.quick(user)));
    let isCut = false;
    const cutWhenUnderWay = (): void => {
      const [front] = [...world.master.service.runners.fronts.values()].filter(
        ({ session }) => session.pendingCalls > 0,
      );
      isCut = front !== undefined;
      if (front === undefined) world.clock.endOfTurn(cutWhenUnderWay);
      else front.session.close('superseded', 'a test');
    };
    cutWhenUnderWay();
    const outcomes = await settled(quicks);
    expect(isCut).toBe(true);
    expect(failures(outcomes).filter((code) => code !== undefined)).toEqual(['backend_unavailable']);
    const offers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(roomIds(offers).size).toBe(1);
    expect(offers.filter(({ created }) => created)).toHaveLength(1);
  });
});

describe('a caller who was told deadline meanwhile', () => {
  /** A runner that answers no order, and counts them. */
  async function deafRunner(): Promise<{ orders: string[] }> {
    for (const { node } of world.runners) node.kill();
    const node = world.cluster.node('room-runner', 'deaf');
    const link = node.link('room-master', ROOM_MASTER);
    const heard: string[] = [];
    link.onUp((session) =>
      link.pulse.asChild({ session }).answer(words.reqCreateB2f, (_, { user }) => {
        heard.push(user);
        return new Promise(() => undefined);
      }),
    );
    new Announcement({
      link,
      say: service.synRoomRunnerUp,
      hear: service.synRoomMasterUp,
      payload: () => ({ ...node.identity, version: '1', load: {}, draining: false }),
    });
    link.start();
    await world.clock.advance(RECOVERY_MS);
    return { orders: heard };
  }

  it('takes no seat: neither in a room that was waited for, nor when the turn of the user comes', async () => {
    const runner = await deafRunner();
    const asked = [world.quick('ana'), world.quick('ben'), world.create('ben'), world.reserve('ana', 'any')];
    const outcomes = world.cluster.within(20_000, Promise.allSettled<object>(asked));
    expect(failures(await outcomes)).toEqual(['deadline', 'deadline', 'deadline', 'deadline']);
    expect(runner.orders).toEqual(['ana']);
  });
});

function afterTurns(of: RoomWorld, turns: number, task: () => void): void {
  of.clock.endOfTurn(() => (turns === 0 ? task() : afterTurns(of, turns - 1, task)));
}

function harm(of: RoomWorld, kind: string): void {
  const fronts = [...of.master.service.runners.fronts.values()];
  if (kind === 'cut a runner') fronts[0]?.session.close('superseded', 'a test');
  else if (kind === 'cut all runners')
    for (const { session } of fronts) session.close('superseded', 'a test');
  else if (kind === 'kill a runner') {
    const living = of.runners.filter(({ node }) => node.alive);
    if (living.length > 1) living[0]?.node.kill();
  } else if (of.master.port.address !== undefined) {
    of.master.node.kill();
    void of.startMaster();
  }
}

/** By which user and request each room was made that is there. */
function requestsOf({ runners }: RoomWorld): string[] {
  return runners
    .filter(({ node }) => node.alive)
    .flatMap(({ service: { rooms } }) =>
      [...rooms.values()].map(({ record: { creator, requestId } }) => JSON.stringify([creator, requestId])),
    );
}
