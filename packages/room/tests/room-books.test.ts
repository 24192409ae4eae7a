import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Front } from '@lobby/discovery';
import { userKey } from '@lobby/protocol';
import { RoomBooks } from '../src/index.ts';
import type { RoomRecord, SeatEntry, SeatRecord } from '../src/index.ts';

const A = { up: { node: 'a' } } as unknown as Front;
const B = { up: { node: 'b' } } as unknown as Front;

let arrived: string[];
let losers: SeatEntry[];
let books: RoomBooks;

beforeEach(() => {
  arrived = [];
  losers = [];
  books = freshBooks();
});

function freshBooks(): RoomBooks {
  return new RoomBooks({
    arrived: ({ roomId }) => void arrived.push(roomId),
    seated: () => undefined,
    loser: (seat) => void losers.push(seat),
  });
}

function roomRecord(roomId: string, over: Partial<RoomRecord> = {}): RoomRecord {
  const info = { roomId, title: 'tea', capacity: 4, users: 0, createdAt: 1, attributes: {} };
  return { ...info, held: 0, private: false, creator: 'ana', ...over };
}

function seatRecord(user: string, roomId: string, grant: number, held = true): SeatRecord {
  return { user, roomId, grant, held, epoch: grant };
}

function report(front: Front, part: { rooms?: RoomRecord[]; closed?: string[]; seats?: SeatRecord[] }): void {
  books.apply(front, { rooms: [], closed: [], seats: [], ...part });
}

describe('the rooms in the books', () => {
  it('are as their front last said, listed unless they are private, and new once', () => {
    report(A, { rooms: [roomRecord('r1'), roomRecord('r2', { private: true })] });
    report(A, { rooms: [roomRecord('r1', { users: 2, held: 3 })] });
    expect(arrived).toEqual(['r1', 'r2']);
    expect([...books.list].map(({ record }) => record)).toMatchObject([{ roomId: 'r1', users: 2 }]);
    expect(books.loadOf(A)).toEqual({ rooms: 2, seats: 3 });
    report(A, { closed: ['r1', 'r2', 'unknown'] });
    expect([books.rooms.size, books.list.size]).toEqual([0, 0]);
  });

  it('belong to the front that reported them last, and another cannot close them', () => {
    report(A, { rooms: [roomRecord('r1')] });
    report(B, { rooms: [roomRecord('r1')] });
    report(A, { closed: ['r1'] });
    expect(books.rooms.get('r1')?.front).toBe(B);
    expect(books.list.size).toBe(1);
    books.removeFront(A);
    expect(books.rooms.size).toBe(1);
  });

  it('are gone with their front, and so are its seats', () => {
    report(A, { rooms: [roomRecord('r1')], seats: [seatRecord('ana', 'r1', 1)] });
    report(B, { rooms: [roomRecord('r2')], seats: [seatRecord('ben', 'r2', 2)] });
    books.removeFront(A);
    expect([...books.rooms.keys()]).toEqual(['r2']);
    expect([...books.seats.keys()]).toEqual(['ben']);
    expect([...books.list]).toHaveLength(1);
    expect(losers).toEqual([]);
  });
});

describe('the seats in the books', () => {
  it('are known by user without regard to case, and freed as their front says', () => {
    report(A, { seats: [seatRecord('Ana', 'r1', 1)] });
    expect(books.seatOf('aNA')?.record.roomId).toBe('r1');
    report(A, { seats: [seatRecord('ana', 'r1', 1, false)] });
    expect(books.seatOf('ana')).toBeUndefined();
  });

  it('stay when another room says that the user has none there', () => {
    report(A, { seats: [seatRecord('ana', 'r1', 1)] });
    report(B, { seats: [seatRecord('ana', 'r2', 9, false)] });
    expect(books.seatOf('ana')?.record.roomId).toBe('r1');
  });

  it('in one room are one seat, whoever reports it and however often', () => {
    report(A, { seats: [seatRecord('ana', 'r1', 5)] });
    report(A, { seats: [seatRecord('ana', 'r1', 6)] });
    report(B, { seats: [seatRecord('ana', 'r1', 6)] });
    expect(losers).toEqual([]);
    books.removeFront(A);
    expect(books.seatOf('ana')?.front).toBe(B);
  });

  it.each<[string, number, number]>([
    ['last', 1, 2],
    ['first', 2, 1],
  ])('in two rooms leave the newer grant, where it is reported %s', (_, first, second) => {
    report(A, { seats: [seatRecord('ana', 'r1', first)] });
    report(B, { seats: [seatRecord('ANA', 'r2', second)] });
    expect(books.seatOf('ana')?.record.grant).toBe(2);
    expect(losers.map(({ record }) => record.grant)).toEqual([1]);
  });

  it('leave the one of the newer login, whatever their grants say', () => {
    report(A, { seats: [{ ...seatRecord('ana', 'r1', 9), epoch: 1 }] });
    report(B, { seats: [{ ...seatRecord('ana', 'r2', 3), epoch: 2 }] });
    expect(books.seatOf('ana')?.record.roomId).toBe('r2');
    report(A, { seats: [{ ...seatRecord('ana', 'r1', 9), epoch: 1 }] });
    expect(books.seatOf('ana')?.record.roomId).toBe('r2');
    expect(losers.map(({ record }) => record.roomId)).toEqual(['r1', 'r1']);
  });

  it('are one a user, the newest that was reported, in whatever order; each other one has lost', () => {
    const seats = fc.uniqueArray(
      fc.record({ user: fc.constantFrom('ana', 'ANA', 'ben'), room: fc.nat(4), grant: fc.nat(1_000) }),
      {
        comparator: (a, b) =>
          a.grant === b.grant || (a.room === b.room && userKey(a.user) === userKey(b.user)),
      },
    );
    fc.assert(
      fc.property(seats, (all) => {
        books = freshBooks();
        losers = [];
        for (const { user, room, grant } of all) {
          report(room % 2 === 0 ? A : B, { seats: [seatRecord(user, `r${room}`, grant)] });
        }
        const newestFirst = [...all].sort((a, b) => b.grant - a.grant);
        const winners = ['ana', 'ben'].flatMap(
          (user) => newestFirst.find((one) => userKey(one.user) === user)?.grant ?? [],
        );
        expect([...books.seats.values()].map(({ record }) => record.grant).sort()).toEqual(winners.sort());
        const lost = all.map(({ grant }) => grant).filter((grant) => !winners.includes(grant));
        expect(losers.map(({ record }) => record.grant).sort()).toEqual(lost.sort());
      }),
    );
  });
});
