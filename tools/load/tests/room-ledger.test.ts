import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Membership, RoomLedger } from '../src/bot/room-ledger.ts';

const none = { lost: 0, disordered: 0 };

function chatted(count: number, { whole = true } = {}): RoomLedger {
  const room = new RoomLedger('r', { whole });
  room.sent = room.acknowledged = count;
  return room;
}

describe('a membership', () => {
  it('has lost as many chats as were left out, wherever that was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        (before, comes) => {
          const room = chatted(before);
          const member = new Membership(room);
          let lost = 0;
          for (const [index, isThere] of comes.entries()) {
            room.acknowledged = room.sent = before + index + 1;
            if (isThere) lost += member.delivered(room.acknowledged).lost;
          }
          lost += member.missing(room.acknowledged);
          expect(lost).toBe(comes.filter((isThere) => !isThere).length);
        },
      ),
    );
  });

  it('may see chats that were asked for before it came in', () => {
    const member = new Membership(chatted(5));
    expect([4, 5, 6].map((id) => member.delivered(id))).toEqual([none, none, none]);
  });

  it('has lost what was asked for after it came in, also where nothing ever comes', () => {
    const room = chatted(5);
    const member = new Membership(room);
    room.acknowledged = 8;
    expect(member.missing(room.acknowledged)).toBe(3);
  });

  it('begins with whatever comes first in a room that others use too', () => {
    const member = new Membership(chatted(0, { whole: false }));
    expect([70, 71, 73].map((id) => member.delivered(id).lost)).toEqual([0, 0, 1]);
  });

  it('tells a chat that comes twice, or after a later one', () => {
    const member = new Membership(chatted(0));
    expect([1, 2, 2, 1].map((id) => member.delivered(id).disordered)).toEqual([0, 0, 1, 1]);
  });
});
