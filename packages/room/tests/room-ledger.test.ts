/** What room-master has yet to be told: the last word is the truth, told once a turn. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Room } from '../src/room.ts';
import { RoomLedger, booksOf } from '../src/room-ledger.ts';
import type { Books } from '../src/room-ledger.ts';

let told: Books[];
let turns: (() => void)[];
let ledger: RoomLedger;

beforeEach(() => {
  told = [];
  turns = [];
  ledger = new RoomLedger({
    endOfTurn: (task) => void turns.push(task),
    tell: (books) => void told.push(books),
  });
});

function endTurn(): void {
  for (const task of turns.splice(0)) task();
}

function roomOf(roomId: string, capacity = 4): Room {
  return new Room(roomId, { title: 't', capacity }, { creator: 'ana', createdAt: 1 });
}

describe('the ledger of a runner', () => {
  it('tells a room once a turn, as it is then', () => {
    const room = roomOf('r1');
    const seat = room.reserve({ user: 'ana', epoch: 3 }, 7);
    ledger.changed(room, seat);
    room.free(seat);
    ledger.changed(room, seat);
    const other = room.reserve({ user: 'ben', epoch: 4 }, 8);
    ledger.changed(room, other);
    expect(told).toEqual([]);
    endTurn();
    expect(told).toMatchObject([{ rooms: [{ roomId: 'r1', held: 1 }], closed: [] }]);
    expect(told[0]?.seats).toEqual([
      { user: 'ana', epoch: 3, grant: 7, roomId: 'r1', held: false },
      { user: 'ben', epoch: 4, grant: 8, roomId: 'r1', held: true },
    ]);
    endTurn();
    expect(told).toHaveLength(1);
  });

  it('tells a seat that was freed and given again as it is now', () => {
    const room = roomOf('r1');
    const first = room.reserve({ user: 'ana', epoch: 3 }, 7);
    room.free(first);
    ledger.changed(room, first);
    ledger.changed(room, room.reserve({ user: 'ana', epoch: 4 }, 9));
    ledger.flush();
    expect(told[0]?.seats).toEqual([{ user: 'ana', epoch: 4, grant: 9, roomId: 'r1', held: true }]);
  });

  it('tells a closed room as closed, and its seats as free', () => {
    const room = roomOf('r1');
    const seat = room.reserve({ user: 'ana', epoch: 3 }, 7);
    room.close();
    ledger.changed(room, seat);
    ledger.flush();
    expect(told).toMatchObject([{ rooms: [], closed: ['r1'], seats: [{ user: 'ana', held: false }] }]);
  });

  it('tells nothing at the end of a turn in which it was flushed, and again what changed after that', () => {
    const room = roomOf('r1');
    ledger.changed(room);
    ledger.flush();
    endTurn();
    expect(told).toHaveLength(1);
    ledger.changed(room);
    endTurn();
    expect(told).toHaveLength(2);
  });
});

describe('what is said of rooms and seats', () => {
  it('is how they are when it is asked for', () => {
    const rooms = ['open', 'closed'].map((roomId) => roomOf(roomId));
    const seats = rooms.map((room) => room.reserve({ user: 'ana', epoch: 1 }, 1));
    rooms[1]?.close();
    expect(booksOf({ rooms, seats })).toMatchObject({
      rooms: [{ roomId: 'open' }],
      closed: ['closed'],
      seats: [
        { roomId: 'open', held: true },
        { roomId: 'closed', held: false },
      ],
    });
  });
});
