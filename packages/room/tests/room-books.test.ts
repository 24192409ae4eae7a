import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Front } from '@lobby/discovery';
import { userKey } from '@lobby/protocol';
import { RoomBooks } from '../src/room-books.ts';
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

  it('enter the list and leave it as they become public or private', () => {
    report(A, { rooms: [roomRecord('r1'), roomRecord('r2', { private: true }), roomRecord('r3')] });
    report(A, { rooms: [roomRecord('r1', { private: true }), roomRecord('r2')] });
    expect([...books.list].map(({ record }) => record.roomId)).toEqual(['r2', 'r3']);
    report(A, { closed: ['r1', 'r2'] });
    expect([...books.list].map(({ record }) => record.roomId)).toEqual(['r3']);
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

/** The books as plain lists, of which everything else is computed anew each time. */
class PlainBooks {
  rooms: { readonly front: Front; readonly record: RoomRecord }[] = [];
  seats: SeatEntry[] = [];

  room(front: Front, record: RoomRecord): void {
    this.rooms = [...this.rooms.filter((room) => room.record.roomId !== record.roomId), { front, record }];
  }

  closed(front: Front, roomId: string): void {
    this.rooms = this.rooms.filter((room) => room.front !== front || room.record.roomId !== roomId);
  }

  seat(front: Front, record: SeatRecord): void {
    const isUsers = (seat: SeatEntry): boolean => userKey(seat.record.user) === userKey(record.user);
    const present = this.seats.find(isUsers)?.record;
    const isElsewhere = present?.roomId !== record.roomId;
    if (!record.held && isElsewhere) return;
    const isOlder =
      present !== undefined &&
      isElsewhere &&
      (present.epoch > record.epoch || (present.epoch === record.epoch && present.grant > record.grant));
    if (isOlder) return;
    this.seats = this.seats.filter((seat) => !isUsers(seat));
    if (record.held) this.seats.push({ front, record });
  }

  gone(front: Front): void {
    this.rooms = this.rooms.filter((room) => room.front !== front);
    this.seats = this.seats.filter((seat) => seat.front !== front);
  }

  get listed(): string[] {
    const listed = this.rooms.map(({ record }) => record).filter((record) => !record.private);
    listed.sort((one, other) => one.createdAt - other.createdAt || (one.roomId < other.roomId ? -1 : 1));
    return listed.map(({ roomId }) => roomId);
  }

  loadOf(front: Front): object {
    const own = this.rooms.filter((room) => room.front === front);
    return { rooms: own.length, seats: own.reduce((sum, { record }) => sum + record.held, 0) };
  }
}

describe('the books', () => {
  it('are what plain lists of the newest reports would be, whatever fronts say, close and take with them', () => {
    const front = fc.constantFrom(A, B);
    const roomId = fc.constantFrom('r1', 'r2', 'r3');
    const room = fc
      .record({ roomId, held: fc.nat(4), private: fc.boolean(), createdAt: fc.nat(2) })
      .map(({ roomId: id, ...over }) => roomRecord(id, over));
    const seat = fc.record({
      user: fc.constantFrom('ana', 'ANA', 'ben'),
      roomId,
      epoch: fc.nat(3),
      grant: fc.nat(3),
      held: fc.boolean(),
    });
    const step = fc.oneof(
      fc.record({ front, room }),
      fc.record({ front, closed: roomId }),
      fc.record({ front, seat }),
      fc.record({ gone: front }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        books = freshBooks();
        const plain = new PlainBooks();
        for (const one of steps) {
          if ('gone' in one) {
            books.removeFront(one.gone);
            plain.gone(one.gone);
          } else if ('room' in one) {
            report(one.front, { rooms: [one.room] });
            plain.room(one.front, one.room);
          } else if ('closed' in one) {
            report(one.front, { closed: [one.closed] });
            plain.closed(one.front, one.closed);
          } else {
            report(one.front, { seats: [one.seat] });
            plain.seat(one.front, one.seat);
          }
          expect([...books.list].map(({ record }) => record.roomId)).toEqual(plain.listed);
          expect(new Set(books.rooms.values())).toEqual(new Set(plain.rooms));
          expect(new Set(books.seats.values())).toEqual(new Set(plain.seats));
          for (const each of [A, B]) expect(books.loadOf(each)).toEqual(plain.loadOf(each));
        }
      }),
    );
  });
});
