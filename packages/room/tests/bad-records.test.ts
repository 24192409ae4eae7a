/**
 * What a room-runner reports is taken record by record: a room or a seat that no front may hold is left out,
 * and costs no other. And what the largest rooms and longest names make fits every link.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { inPages } from '@lobby/discovery';
import { encodedBytes, room } from '@lobby/protocol';
import { largestValue } from '@lobby/protocol/testing';
import { RoomList } from '../src/room-list.ts';
import { rawRunner, recordOf, seatIn } from './harness/raw-runner.ts';
import type { Books, RoomRecord } from './harness/raw-runner.ts';
import { RECOVERY_MS, RoomWorld } from './harness/room-world.ts';

const KIB = 1024;
/** A room of its own that nobody is in. */
const EMPTY = { held: 0, creator: 'ana' } as const;

function largestBooks(): Books {
  return largestValue(room.synChangesF2b.schema, { maxBatchBytes: 0 }) as Books;
}

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

const BAD: readonly [string, Partial<RoomRecord>][] = [
  ['a creator whose name breaks the rule', { creator: 'not a name' }],
  ['a creator whose name is not in NFC', { creator: 'Zoe\u0308' }],
  ['a creator whose key is too long', { creator: '\ufdfa'.repeat(24) }],
  ['more seats than a room can have', { held: 1_001 }],
  ['a title that is too long', { title: 'x'.repeat(65) }],
];

describe('A9: a room-runner with a record that is wrong', () => {
  it.each(BAD)('is taken but for a room with %s, in its inventory and in its changes', async (_, bad) => {
    const link = await rawRunner(world);
    const books = (nth: number): Books => ({
      rooms: [
        recordOf(`good ${nth}`, EMPTY),
        recordOf(`bad ${nth}`, { ...EMPTY, ...bad }),
        recordOf(`other ${nth}`, EMPTY),
      ],
      closed: [],
      seats: [
        seatIn(`good ${nth}`, { user: `ben${nth}` }),
        seatIn(`good ${nth}`, { user: 'x' }),
        seatIn(`other ${nth}`, { user: `cleo${nth}` }),
      ],
    });
    await world.settled(link.call(room.reqInventoryF2b, { ...books(1), last: true }));
    link.send(room.synChangesF2b, books(2));
    await world.clock.settle();
    const { service: master, port } = world.master;
    expect(Array.from(master.books.rooms, ([id]) => id).sort()).toEqual([
      'good 1',
      'good 2',
      'other 1',
      'other 2',
    ]);
    expect(Array.from(master.books.seats, ([key]) => key).sort()).toEqual(['ben1', 'ben2', 'cleo1', 'cleo2']);
    expect(port.counters.recordsLeftOut).toBe(4);
    expect(port.counters.badRequests).toBe(0);
    expect(link.session?.state).toBe('established');
  });

  it('has reported all the same, and a master that lost its memory recovers', async () => {
    await world.roomOf('ana', 'ben');
    await world.killMaster();
    await world.startMaster();
    const link = await rawRunner(world);
    const page = { rooms: [recordOf('bad', { ...EMPTY, creator: 'x' })], closed: [], seats: [], last: true };
    await world.settled(link.call(room.reqInventoryF2b, page));
    await world.clock.advance(RECOVERY_MS);
    expect(world.master.service.runners.recovery?.recovered).toBe(true);
    expect(world.books).toEqual(world.rooms);
  });
});

describe('A9: the largest rooms and seats', () => {
  const {
    rooms: [largest],
    seats: [seat],
  } = largestBooks();

  it('are told in pages of 256 KiB', () => {
    const many = { rooms: new Array(1_000).fill(largest), seats: new Array(3_000).fill(seat) };
    let told = 0;
    for (const { page } of inPages(many, { describe: (some): Books => ({ ...some, closed: [] }) })) {
      expect(encodedBytes(page)).toBeLessThanOrEqual(256 * KIB);
      expect(room.synChangesF2b.validate(page)).toEqual(page);
      told += page.rooms.length + page.seats.length;
    }
    expect(told).toBe(4_000);
  });

  it('are listed in pages of 64 KiB, and every cursor is one that may be sent', () => {
    const list = new RoomList<{ record: RoomRecord; front: object }>({ isTaking: () => true });
    const record = largest as RoomRecord;
    const front = {};
    for (let nth = 0; nth < 100; nth += 1) {
      // Of characters that take most in every way of writing them down.
      const roomId = `${String(nth).padStart(3, '0')}${(nth % 2 === 0 ? '\0' : '😀').repeat(61)}`;
      list.put({ record: { ...record, roomId }, front });
    }
    const ids = new Set<string>();
    for (let after: string | undefined = '', more = {}; after !== undefined; more = { after }) {
      const page = list.page({ pageSize: 100, ...more });
      expect(room.reqPage.reply.validate(page)).toEqual(page);
      expect(encodedBytes(page)).toBeLessThanOrEqual(64 * KIB);
      for (const { roomId } of page.rooms) ids.add(roomId);
      after = page.next;
      if (after !== undefined) expect(room.reqPage.validate({ after })).toEqual({ after });
    }
    expect(ids.size).toBe(100);
  });
});
