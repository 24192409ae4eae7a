import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { userKey } from '@lobby/protocol';
import { Room } from '../src/room.ts';

function roomOf(capacity: number): Room {
  return new Room('r1', { title: 'tea', capacity }, { creator: 'ana', createdAt: 5 });
}

describe('the seats of a room', () => {
  it('never exceed the capacity and are of distinct users, whatever is reserved and freed', () => {
    const user = fc.constantFrom('ana', 'ANA', 'ben', 'Ben', 'cleo', 'dan', 'eve');
    const act = fc.oneof(
      fc.record({ kind: fc.constant('reserve' as const), user, epoch: fc.nat(5) }),
      fc.record({ kind: fc.constant('free' as const), user }),
      fc.record({ kind: fc.constant('enter' as const), user }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(act, { maxLength: 40 }), (capacity, acts) => {
        const room = roomOf(capacity);
        for (const [grant, { kind, ...who }] of acts.entries()) {
          const before = room.seatOf(who.user);
          const wasFull = room.held === capacity;
          if (kind === 'free' && before !== undefined) expect(room.free(before)).toBe(true);
          if (kind === 'enter' && before !== undefined) before.state = 'entered';
          if (kind === 'reserve') {
            const { epoch = 0 } = who as { epoch?: number };
            const reserve = (): unknown => room.reserve({ user: who.user, epoch }, grant);
            if (before === undefined && wasFull) expect(reserve).toThrow(/seats are taken/);
            else if (before !== undefined && before.epoch > epoch) expect(reserve).toThrow(/newer login/);
            else expect(reserve()).toBe(before ?? room.seatOf(who.user));
          }
          const keys = [...room.seats()].map((seat) => userKey(seat.user));
          expect(room.held).toBeLessThanOrEqual(capacity);
          expect(keys).toEqual([...new Set(keys)]);
          expect(room.record.held).toBe(keys.length);
          expect(room.info.users).toBe([...room.seats()].filter(({ state }) => state !== 'reserved').length);
        }
      }),
    );
  });

  it('go to the newest login of a user, under the newest grant', () => {
    const room = roomOf(1);
    const seat = room.reserve({ user: 'ana', epoch: 1 }, 10);
    expect(room.reserve({ user: 'ANA', epoch: 2 }, 11)).toBe(seat);
    expect(seat).toMatchObject({ user: 'ana', epoch: 2, grant: 11 });
    expect(() => room.reserve({ user: 'ana', epoch: 1 }, 12)).toThrow(
      expect.objectContaining({ code: 'already_in_room' }),
    );
    room.reserve({ user: 'ana', epoch: 2 }, 5);
    expect(seat.grant).toBe(11);
  });

  it('are freed once, and only by what is the seat of now', () => {
    const room = roomOf(1);
    const seat = room.reserve({ user: 'ana', epoch: 1 }, 1);
    expect(room.free(seat)).toBe(true);
    expect(room.free(seat)).toBe(false);
    const again = room.reserve({ user: 'ana', epoch: 1 }, 2);
    expect(room.free(seat)).toBe(false);
    expect(room.seatOf('ana')).toBe(again);
  });

  it('are not given in a room that is closed', () => {
    const room = roomOf(4);
    room.close();
    expect(() => room.reserve({ user: 'ana', epoch: 1 }, 1)).toThrow(
      expect.objectContaining({ code: 'room_closed' }),
    );
  });
});

describe('what a room says of itself', () => {
  it('tells clients nothing of who made it, and the master all that it must remember', () => {
    const wish = { title: 'tea', capacity: 2, private: true, requestId: 'q', attributes: { map: 'hill' } };
    const room = new Room('r1', wish, { creator: 'ana', createdAt: 5 });
    const info = {
      roomId: 'r1',
      title: 'tea',
      capacity: 2,
      users: 0,
      held: 0,
      createdAt: 5,
      attributes: { map: 'hill' },
    };
    expect(room.info).toEqual(info);
    expect(room.record).toEqual({ ...info, private: true, creator: 'ana', requestId: 'q' });
    expect(roomOf(1).record).not.toHaveProperty('requestId');
  });

  it('numbers its chats 1, 2, 3', () => {
    const room = roomOf(1);
    expect([room.nextChatId(), room.nextChatId(), room.nextChatId()]).toEqual([1, 2, 3]);
  });
});
