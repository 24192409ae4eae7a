/** The rooms of one creator in which nobody else holds a seat are few. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '@lobby/protocol';
import { CreatorRooms } from '../src/creator-rooms.ts';
import { EmptyRooms } from '../src/empty-rooms.ts';
import type { RoomBooks, RoomEntry } from '../src/room-books.ts';
import type { RoomRecord } from '../src/index.ts';
import { RoomWorld } from './harness/room-world.ts';

/** The ids of the rooms as the runners have them, those that were made first at first. */
function roomIds(world: RoomWorld): string[] {
  return world.runners.flatMap(({ node, service }) => (node.alive ? [...service.rooms.keys()] : []));
}

async function create(world: RoomWorld, user: string): Promise<string> {
  return (await world.settled(world.create(user))).room.roomId;
}

/** What a call came to: its code where it failed. */
async function code(world: RoomWorld, promise: Promise<unknown>): Promise<string> {
  return world.settled(
    promise.then(
      () => 'done',
      (error: unknown) => (error as Failure).code,
    ),
  );
}

describe('A6: the rooms of a creator', () => {
  it('A6: are three at most in which nobody else holds a seat; the oldest makes way for the next', async () => {
    const world = await RoomWorld.start();
    const made: string[] = [];
    for (let nth = 0; nth < 10; nth += 1) {
      made.push(await create(world, 'ana'));
      expect(roomIds(world)).toEqual(made.slice(-3));
      expect(world.master.service.size).toBe(Math.min(3, made.length));
    }
  });

  it('A6: are counted where a quick seat made them, and by the user, however spelled', async () => {
    const world = await RoomWorld.start();
    for (let nth = 0; nth < 4; nth += 1) {
      await world.settled(world.quick(nth % 2 === 0 ? 'ana' : 'ANA'));
      await create(world, 'Ana');
    }
    expect(roomIds(world)).toHaveLength(3);
  });

  it('A6: stay where somebody else is, or has reserved, and do not count', async () => {
    const world = await RoomWorld.start();
    const kept: string[] = [];
    for (const friend of ['ben', 'cleo', 'dora', 'eve']) {
      kept.push(await create(world, 'ana'));
      await world.settled(world.reserve(friend, kept.at(-1) ?? ''));
    }
    for (let nth = 0; nth < 6; nth += 1) await create(world, 'ana');
    expect(roomIds(world)).toHaveLength(4 + 3);
    expect(roomIds(world)).toEqual(expect.arrayContaining(kept));
  });

  it('A6: that many others have left make way too, as many as are over', async () => {
    const world = await RoomWorld.start();
    const friends = ['ben', 'cleo', 'dora', 'eve', 'finn', 'gus'];
    for (const friend of friends) await world.settled(world.reserve(friend, await create(world, 'ana')));
    for (const friend of friends) await world.settled(world.create(friend));
    await create(world, 'ana');
    const ofAna = [...world.master.service.listing().items].filter(({ creator }) => creator === 'ana');
    expect(ofAna).toHaveLength(3);
  });

  it("A6: of others are left alone, and so is the creator's own seat elsewhere", async () => {
    const world = await RoomWorld.start({ runners: 2 });
    const others = [await create(world, 'ben'), await create(world, 'cleo')];
    const { members } = await world.roomOf('dora', 'ana');
    expect(await code(world, world.create('ana'))).toBe('already_in_room');
    members[1]?.drop();
    await world.clock.advance(1);
    for (let nth = 0; nth < 5; nth += 1) await create(world, 'ana');
    expect(roomIds(world)).toEqual(expect.arrayContaining(others));
    expect(roomIds(world)).toHaveLength(2 + 1 + 3);
  });

  it('A6: are not closed under whoever comes at the very moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.boolean(), async (nth, first) => {
        const world = await RoomWorld.start();
        const made = [await create(world, 'ana'), await create(world, 'ana'), await create(world, 'ana')];
        const roomId = made[nth] ?? '';
        const asks = [() => world.create('ana'), () => world.reserve('ben', roomId)];
        if (first) asks.reverse();
        const [one, other] = asks.map((ask) => ask()) as [Promise<object>, Promise<object>];
        const codes = [await code(world, one), await code(world, other)];
        const [created, reserved] = first ? codes.reverse() : codes;
        expect(created).toBe('done');
        const isThere = world.runner().service.rooms.get(roomId)?.seatOf('ben') !== undefined;
        expect(reserved).toBe(isThere ? 'done' : 'room_not_found');
        expect(roomIds(world).length).toBeLessThanOrEqual(isThere ? 4 : 3);
      }),
      { numRuns: 12 },
    );
  });

  it('A6: stay few over deaths of masters and of runners', async () => {
    const world = await RoomWorld.start({ runners: 2 });
    for (let nth = 0; nth < 4; nth += 1) await create(world, 'ana');
    await world.restartMaster();
    for (let nth = 0; nth < 4; nth += 1) await create(world, 'ana');
    expect(roomIds(world)).toHaveLength(3);
    world.runner(0).node.kill();
    await world.clock.advance(3_000);
    for (let nth = 0; nth < 4; nth += 1) await create(world, 'ana');
    expect(roomIds(world)).toHaveLength(3);
    expect(world.master.service.size).toBe(3);
  });

  it('A6: may be as many as the setting says', async () => {
    const world = await RoomWorld.start();
    await world.killMaster();
    await world.startMaster({ maxRoomsPerCreator: 1 });
    await world.clock.advance(3_000);
    for (let nth = 0; nth < 3; nth += 1) await create(world, 'ana');
    expect(roomIds(world)).toHaveLength(1);
  });

  it.each(['does nothing', 'fails'])(
    'A6: are not made at all where a runner that does not know how to close one %s',
    async (what) => {
      const call = () => (what === 'fails' ? Promise.reject(new Failure('unknown_topic', '')) : {});
      const entry = { record: { roomId: 'r' }, front: { session: { call } } } as unknown as RoomEntry;
      const emptyRoomsOf = () => [entry, entry, entry].values();
      const rooms = new CreatorRooms({ emptyRoomsOf } as unknown as RoomBooks, 3);
      await expect(rooms.makeWay({ user: 'ana', epoch: 1 })).rejects.toMatchObject({
        code: 'too_many_rooms',
      });
    },
  );
});

describe('the index of empty rooms', () => {
  it('has of each creator those in which nobody holds a seat, the oldest first', () => {
    interface Entry {
      record: RoomRecord;
      empty?: unknown;
    }
    const change = fc.record({
      nth: fc.nat(9),
      held: fc.nat(2),
      createdAt: fc.nat(3),
      gone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { size: 'max', maxLength: 100 }), (changes) => {
        const index = new EmptyRooms<Entry>();
        const entries = new Map<number, Entry>();
        for (const { nth, held, createdAt, gone } of changes) {
          const present = entries.get(nth);
          if (gone && present !== undefined) {
            index.delete(present);
            entries.delete(nth);
            continue;
          }
          const creator = nth % 2 === 0 ? 'Ana' : 'ben';
          const record = { roomId: `r${nth}`, creator, held, createdAt } as RoomRecord;
          if (present === undefined) entries.set(nth, { record });
          else present.record = { ...record, createdAt: present.record.createdAt };
          index.put(entries.get(nth) as Entry);
        }
        for (const user of ['ana', 'BEN', 'cleo']) {
          const expected = [...entries.values()]
            .map(({ record }) => record)
            .filter(({ creator, held }) => creator.toLowerCase() === user.toLowerCase() && held === 0)
            .sort((a, b) => a.createdAt - b.createdAt || (a.roomId < b.roomId ? -1 : 1));
          expect([...index.of(user)].map(({ record }) => record)).toEqual(expected);
        }
      }),
    );
  });
});
