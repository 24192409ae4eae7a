import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RoomInfo } from '@lobby/protocol';
import { RoomList } from '../src/room-list.ts';

interface Entry {
  record: RoomInfo & { readonly held: number };
  readonly front: object;
}

const FRONT = {};

function entry(roomId: string, createdAt: number, title = 'tea'): Entry {
  const record = { roomId, title, capacity: 4, users: 0, held: 0, createdAt, attributes: {} };
  return { record, front: FRONT };
}

function emptyList(): RoomList<Entry> {
  return new RoomList<Entry>({ isTaking: () => true });
}

function listOf(...entries: Entry[]): RoomList<Entry> {
  const list = emptyList();
  for (const one of entries) list.put(one);
  return list;
}

describe('the list of rooms', () => {
  it('is what sorting by age and id would give, whatever is added, deleted and changed', () => {
    const rooms = fc.uniqueArray(
      fc.record({ roomId: fc.string({ minLength: 1, maxLength: 3 }), createdAt: fc.nat(5) }),
      { selector: ({ roomId }) => roomId },
    );
    fc.assert(
      fc.property(rooms, fc.infiniteStream(fc.nat(3)), (drawn, dice) => {
        const list = emptyList();
        const kept: Entry[] = [];
        for (const { roomId, createdAt } of drawn) {
          const one = entry(roomId, createdAt);
          list.put(one);
          kept.push(one);
          const [roll] = dice.take(1);
          const victim = kept[Math.floor(kept.length / 2)];
          if (roll === 0 && victim !== undefined) {
            list.delete(victim);
            list.delete(victim);
            kept.splice(kept.indexOf(victim), 1);
          }
          if (roll === 1 && victim !== undefined) victim.record = { ...victim.record, users: 3 };
        }
        const naive = [...kept].sort(
          (a, b) => a.record.createdAt - b.record.createdAt || (a.record.roomId < b.record.roomId ? -1 : 1),
        );
        expect([...list]).toEqual(naive);
        expect(list.size).toBe(kept.length);
      }),
    );
  });

  it('deletes nothing for an entry that it does not hold', () => {
    const list = listOf(entry('a', 1), entry('b', 1));
    list.delete(entry('a', 1));
    list.delete(entry('c', 9));
    expect(list.size).toBe(2);
  });
});

describe('a page of the list', () => {
  const list = listOf(
    ...Array.from({ length: 45 }, (_, nth) => entry(`r${String(nth).padStart(2, '0')}`, nth)),
  );
  const ids = (page: number, pageSize?: number): string[] =>
    list.page({ page, ...(pageSize === undefined ? {} : { pageSize }) }).rooms.map(({ roomId }) => roomId);

  it('counts from 1, oldest first, 20 a page if nothing else is said', () => {
    expect(list.page({ page: 1 })).toMatchObject({ page: 1, pages: 3, total: 45 });
    expect(ids(1)).toEqual(Array.from({ length: 20 }, (_, nth) => `r${String(nth).padStart(2, '0')}`));
    expect(ids(3)).toEqual(['r40', 'r41', 'r42', 'r43', 'r44']);
  });

  it('has all rooms once, over all pages of any size', () => {
    for (const pageSize of [1, 7, 45, 100]) {
      const { pages } = list.page({ page: 1, pageSize });
      const all = Array.from({ length: pages }, (_, nth) => ids(nth + 1, pageSize)).flat();
      expect(all).toEqual([...list].map(({ record }) => record.roomId));
    }
  });

  it('beyond the last one is empty, and says how many there are', () => {
    expect(list.page({ page: 4 })).toEqual({ page: 4, pages: 3, total: 45, rooms: [] });
    expect(emptyList().page({ page: 1 })).toEqual({ page: 1, pages: 0, total: 0, rooms: [] });
  });

  it('holds rooms whose title has the words, without regard to case, and counts those alone', () => {
    const some = listOf(entry('a', 1, 'Tea time'), entry('b', 2, 'coffee'), entry('c', 3, 'GREEN TEA'));
    expect(some.page({ page: 2, pageSize: 1, title: 'tEa' })).toMatchObject({
      pages: 2,
      total: 2,
      rooms: [{ roomId: 'c' }],
    });
  });

  it('tells of a room what clients may know, and no more', () => {
    const one = entry('a', 1);
    one.record = { ...one.record, creator: 'ana', requestId: 'secret' } as Entry['record'];
    expect(Object.keys(listOf(one).page({ page: 1 }).rooms[0] ?? {})).toEqual([
      'roomId',
      'title',
      'capacity',
      'users',
      'held',
      'createdAt',
      'attributes',
    ]);
  });
});
