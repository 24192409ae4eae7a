/** What room-master's books say is what plain lists of the newest reports would say, dead fronts included. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clearance } from '@lobby/discovery';
import type { Front } from '@lobby/discovery';
import { VirtualClock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import { RoomBooks } from '../src/room-books.ts';
import type { RoomRecord, SeatEntry, SeatRecord } from '../src/index.ts';

const [A, B] = [frontOf('a'), frontOf('b')];

let arrived: string[];
let closed: string[];
let losers: SeatEntry[];
let books: RoomBooks;

beforeEach(() => {
  arrived = [];
  closed = [];
  losers = [];
  books = freshBooks();
});

/** A front; the same server back on a new session is another one. */
function frontOf(node: string): Front {
  return { up: { node } } as unknown as Front;
}

function freshBooks(): RoomBooks {
  return new RoomBooks({
    arrived: ({ record }) => void arrived.push(record.roomId),
    closed: ({ roomId }) => void closed.push(roomId),
    seated: () => undefined,
    lost: () => undefined,
    loser: (seat) => void losers.push(seat),
    came: () => undefined,
    unused: () => undefined,
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
    expect(closed).toEqual(['r1', 'r2']);
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
    expect([...books.rooms].map(([roomId]) => roomId)).toEqual(['r2']);
    expect([...books.seats].map(([user]) => user)).toEqual(['ben']);
    expect([...books.list]).toHaveLength(1);
    expect([losers, closed]).toEqual([[], []]);
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
  seats: { readonly front: Front; readonly record: SeatRecord }[] = [];

  room(front: Front, record: RoomRecord): void {
    this.rooms = [...this.rooms.filter((room) => room.record.roomId !== record.roomId), { front, record }];
  }

  closed(front: Front, roomId: string): void {
    this.rooms = this.rooms.filter((room) => room.front !== front || room.record.roomId !== roomId);
  }

  seat(front: Front, record: SeatRecord): void {
    const isUsers = (seat: SeatEntry): boolean => userKey(seat.record.user) === userKey(record.user);
    const held = this.seats.find(isUsers);
    const present = held?.record;
    const isElsewhere = present?.roomId !== record.roomId;
    if (!record.held && (isElsewhere || held?.front !== front)) return;
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

  get listed(): RoomRecord[] {
    const listed = this.rooms.map(({ record }) => record).filter((record) => !record.private);
    return listed.sort(
      (one, other) => one.createdAt - other.createdAt || (one.roomId < other.roomId ? -1 : 1),
    );
  }

  /** The fullest first. */
  get open(): RoomRecord[] {
    // Where nobody holds a seat any more, nobody is sent.
    const free = ({ capacity, held }: RoomRecord): number => (held === 0 ? 0 : capacity - held);
    return this.listed.filter((record) => free(record) > 0).sort((one, other) => free(one) - free(other));
  }

  loadOf(front: Front): object {
    const own = this.rooms.filter((room) => room.front === front);
    return { rooms: own.length, seats: own.reduce((sum, { record }) => sum + record.held, 0) };
  }
}

function idsOf(records: readonly { readonly roomId: string }[]): string[] {
  return records.map(({ roomId }) => roomId);
}

interface Known {
  readonly front: Front;
  readonly record: { readonly roomId: string };
}

function seen(known: Known | undefined): readonly unknown[] {
  return [known?.front.up.node, known?.record];
}

function roomsOf(known: Iterable<Known>): string[] {
  return idsOf([...known].map(({ record }) => record)).sort();
}

/** What anybody may ask of the books, and the answers. */
function answersOf(fronts: readonly Front[]): object {
  const { list, rooms, seats } = books;
  return {
    rooms: [rooms.size, roomsOf(rooms.values()), ROOMS.map((roomId) => seen(rooms.get(roomId)))],
    seats: [seats.size, roomsOf(seats.values()), USERS.map((user) => seen(books.seatOf(user)))],
    listed: [list.size, idsOf([...list].map(({ record }) => record))],
    pages: [1, 2, 3].map((page) => {
      const { total, pages, rooms: some, next } = list.page({ page, pageSize: 2 });
      return [total, pages, idsOf(some), next !== undefined];
    }),
    filtered: idsOf(list.page({ title: 'tea' }).rooms),
    open: idsOf(list.page({ open: true }).rooms),
    quick: idsOf(list.suitable({}, ROOMS.length).map(({ record }) => record)),
    loads: fronts.map((front) => books.loadOf(front)),
  };
}

function plainAnswersOf(plain: PlainBooks, fronts: readonly Front[]): object {
  const { rooms, seats, listed, open } = plain;
  const roomOf = (roomId: string): Known | undefined => rooms.find(({ record }) => record.roomId === roomId);
  const seatOf = (user: string): Known | undefined =>
    seats.find(({ record }) => userKey(record.user) === userKey(user));
  return {
    rooms: [rooms.length, roomsOf(rooms), ROOMS.map((roomId) => seen(roomOf(roomId)))],
    seats: [seats.length, roomsOf(seats), USERS.map((user) => seen(seatOf(user)))],
    listed: [listed.length, idsOf(listed)],
    pages: [1, 2, 3].map((page) => [
      listed.length,
      Math.ceil(listed.length / 2),
      idsOf(listed.slice(2 * page - 2, 2 * page)),
      listed.length > 2 * page,
    ]),
    filtered: idsOf(listed),
    open: idsOf(listed.filter(({ held, capacity }) => held < capacity)),
    quick: idsOf(open),
    loads: fronts.map((front) => plain.loadOf(front)),
  };
}

const ROOMS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
const USERS = ['ana', 'ben', 'cleo'];
const NODES = 3;

describe('the books', () => {
  const front = fc.nat(NODES - 1);
  const roomId = fc.constantFrom(...ROOMS);
  const room = fc
    .record({ roomId, held: fc.nat(4), private: fc.boolean(), createdAt: fc.nat(2) })
    .map(({ roomId: id, ...over }) => roomRecord(id, over));
  const seat = fc.record({
    user: fc.constantFrom('ANA', ...USERS),
    roomId,
    epoch: fc.nat(3),
    grant: fc.nat(3),
    held: fc.boolean(),
  });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ front, room }) },
    { weight: 1, arbitrary: fc.record({ front, closed: roomId }) },
    { weight: 4, arbitrary: fc.record({ front, seat }) },
    { weight: 1, arbitrary: fc.record({ gone: front }) },
    { weight: 2, arbitrary: fc.record({ cleared: fc.integer({ min: 1, max: 4 }) }) },
  );

  it('A15: are what plain lists of the newest reports would be, though what dead fronts held goes slowly', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50, size: 'max' }), (steps) => {
        books = freshBooks();
        const plain = new PlainBooks();
        const fronts = Array.from({ length: NODES }, (_, nth) => frontOf(`node ${nth}`));
        let left: Iterator<unknown>[] = [];
        for (const one of steps) {
          if ('cleared' in one) {
            for (let nth = 0; nth < one.cleared; nth += 1)
              if (left[0]?.next().done === true) left = left.slice(1);
          } else if ('gone' in one) {
            const gone = fronts[one.gone] as Front;
            left.push(books.removeFront(gone)[Symbol.iterator]());
            plain.gone(gone);
            fronts[one.gone] = frontOf(gone.up.node);
          } else {
            const from = fronts[one.front] as Front;
            if ('room' in one) {
              report(from, { rooms: [one.room] });
              plain.room(from, one.room);
            } else if ('closed' in one) {
              report(from, { closed: [one.closed] });
              plain.closed(from, one.closed);
            } else {
              report(from, { seats: [one.seat] });
              plain.seat(from, one.seat);
            }
          }
          expect(answersOf(fronts)).toEqual(plainAnswersOf(plain, fronts));
        }
      }),
    );
  });

  it('A15: lose a front with 10,000 rooms in one step, and give its memory back a hundred steps a turn', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    let steps = 0;
    const counted = function* (work: Iterable<unknown>): Generator<unknown, undefined> {
      for (const each of work) {
        steps += 1;
        yield each;
      }
    };
    for (let nth = 0; nth < 10_000; nth += 1) {
      const record = roomRecord(`r${nth}`, { createdAt: nth, held: 1 });
      report(A, { rooms: [record], seats: [seatRecord(`user ${nth}`, record.roomId, nth)] });
    }
    report(B, {
      rooms: [roomRecord('other', { createdAt: 20_000 })],
      seats: [seatRecord('ben', 'other', 1)],
    });
    clearance.add(counted(books.removeFront(A)));
    expect([books.rooms.size, books.seats.size, books.list.size, steps]).toEqual([1, 1, 1, 0]);
    expect(books.list.page({}).rooms).toMatchObject([{ roomId: 'other' }]);
    let turns = 0;
    while (!clearance.idle) {
      const before = steps;
      await clock.run(Infinity, () => false);
      expect(steps - before).toBeLessThanOrEqual(100);
      turns += 1;
    }
    expect(steps).toBe(20_000);
    expect(turns).toBeGreaterThanOrEqual(200);
    expect([books.rooms.size, books.seats.size, books.list.size, clock.timers]).toEqual([1, 1, 1, 0]);
  });
});
