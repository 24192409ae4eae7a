/**
 * Pages and quick rooms of the list against plain filtering and sorting, over rooms that come, change and go,
 * also with their fronts, whose rooms are deleted from the list some time later.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodedBytes } from '@lobby/protocol';
import type { RoomInfo } from '@lobby/protocol';
import { RoomList } from '../src/room-list.ts';
import type { PageQuery } from '../src/room-list.ts';
import type { RoomPage } from '../src/room-page.ts';

interface Entry {
  record: RoomInfo & { readonly held: number };
  readonly front: object;
  draining: boolean;
  /** Who has asked for a seat and has no answer yet. */
  readonly asked: Set<string>;
}

const FRONT = {};
const FRONTS = 3;

const TITLES = ['tea', 'Tea for two', 'chess', 'İstanbul', '한국 방', 'x', 'TEAR'];
const KEYS = ['map', 'mode', 'map mode', '__proto__'];
const VALUES = ['1', 'a', 'b'];

const attributes = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)), { maxLength: 2 })
  .map((pairs) => Object.fromEntries(pairs) as Record<string, string>);

const record = fc.record({
  title: fc.constantFrom(...TITLES),
  createdAt: fc.nat(4),
  capacity: fc.integer({ min: 1, max: 4 }),
  held: fc.nat(4),
  attributes,
});

const HOW = [
  ...Array.from({ length: 6 }, () => 'put' as const),
  ...(['ask', 'ask', 'answered', 'told', 'delete', 'draining', 'gone', 'clear'] as const),
];

const change = fc.record({
  room: fc.nat(12),
  front: fc.nat(FRONTS - 1),
  how: fc.constantFrom(...HOW),
  record,
  user: fc.constantFrom('ana', 'ben'),
});

interface Change {
  readonly room: number;
  readonly front: number;
  readonly how: (typeof HOW)[number];
  readonly record: Partial<Entry['record']>;
  readonly user: string;
}

const query = fc.record(
  {
    title: fc.constantFrom('', 'tea', 'TEA', 'ea', 'x', '한', '한국', 'none', 'i̇s'),
    attributes,
    open: fc.boolean(),
    pageSize: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['pageSize'] },
);

function newEntry(drawn: Entry['record'], front: object = FRONT): Entry {
  return { record: drawn, front, draining: false, asked: new Set() };
}

function world(): { list: RoomList<Entry>; entries: Map<string, Entry> } {
  const entries = new Map<string, Entry>();
  const list = new RoomList<Entry>({
    isTaking: ({ draining }) => !draining,
  });
  return { list, entries };
}

function applied(changes: readonly Change[]) {
  const { list, entries } = world();
  const fronts: object[] = Array.from({ length: FRONTS }, () => ({}));
  /** What fronts that are gone have left in the list. */
  const dead = new Map<string, Entry>();
  const clear = (roomId: string | undefined): void => {
    const there = dead.get(roomId ?? '');
    dead.delete(roomId ?? '');
    if (there !== undefined) list.delete(there);
  };
  for (const { room, front, how, record: drawn, user } of changes) {
    const roomId = `room ${room}`;
    const there = entries.get(roomId);
    if (how === 'put') {
      clear(roomId);
      // When a room was made, it does not change.
      const createdAt = there?.record.createdAt ?? drawn.createdAt;
      const held = Math.min(drawn.held ?? 0, drawn.capacity ?? 0);
      const next = { ...drawn, roomId, createdAt, held, users: held } as Entry['record'];
      const entry = there ?? newEntry(next, fronts[front]);
      entry.record = next;
      entries.set(roomId, entry);
      list.put(entry);
    } else if (how === 'gone') {
      list.removeFront(fronts[front] as object);
      for (const [id, entry] of entries) if (entry.front === fronts[front]) dead.set(id, entry);
      for (const id of dead.keys()) entries.delete(id);
      fronts[front] = {};
    } else if (how === 'clear') clear(dead.keys().next().value);
    else if (there === undefined) continue;
    else if (how === 'delete') {
      entries.delete(roomId);
      list.delete(there);
    } else if (how === 'draining') there.draining = true;
    else if (how === 'ask') {
      there.asked.add(user);
      list.ask(there, user);
    } else {
      there.asked.delete(user);
      if (how === 'answered') list.answered(there, user);
      else {
        // What is told comes with the room as it is then.
        list.told(there, user);
        list.put(there);
      }
    }
  }
  return { list, entries: [...entries.values()] };
}

function suits(
  { record: { title, attributes: its, held, capacity }, draining }: Entry,
  asked: PageQuery,
): boolean {
  return (
    title.toLowerCase().includes((asked.title ?? '').toLowerCase()) &&
    Object.entries(asked.attributes ?? {}).every(
      ([key, value]) => Object.hasOwn(its, key) && its[key] === value,
    ) &&
    (asked.open !== true || (held < capacity && !draining))
  );
}

function byAge(a: Entry, b: Entry): number {
  return a.record.createdAt - b.record.createdAt || (a.record.roomId < b.record.roomId ? -1 : 1);
}

/** All pages, each from the cursor of the one before. */
function allPages(list: RoomList<Entry>, asked: PageQuery): RoomPage[] {
  const pages = [list.page(asked)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
    pages.push(list.page({ ...asked, after: next }));
  return pages;
}

describe('pages', () => {
  it('have all rooms that suit once and in order, by cursor and by number', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60, size: 'max' }), query, (changes, asked) => {
        const { list, entries } = applied(changes);
        const expected = entries.filter((entry) => suits(entry, asked)).sort(byAge);
        const ids = expected.map(({ record: { roomId } }) => roomId);
        const pages = allPages(list, asked);
        expect(pages.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId))).toEqual(ids);
        expect(pages[0]).toMatchObject({ total: ids.length, pages: Math.ceil(ids.length / asked.pageSize) });
        const byNumber = Array.from({ length: pages[0]?.pages ?? 0 }, (_, nth) =>
          list.page({ ...asked, page: nth + 1 }),
        );
        expect(byNumber.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId))).toEqual(ids);
        expect(list.size).toBe(entries.length);
        expect([...list]).toEqual([...entries].sort(byAge));
      }),
      { numRuns: 300 },
    );
  });

  it('A1: are cut by their bytes, and none is lost', () => {
    const { list } = world();
    const fat = Object.fromEntries(
      Array.from({ length: 16 }, (_, nth) => [`key ${nth}`, '\u{1f3b2}'.repeat(128)]),
    );
    for (let nth = 0; nth < 50; nth += 1) {
      const roomId = `room ${String(nth).padStart(2, '0')}`;
      const room = { roomId, title: 'fat', capacity: 2, users: 0, held: 0, createdAt: 1, attributes: fat };
      list.put(newEntry(room));
    }
    for (const asked of [{ pageSize: 100 }, { pageSize: 100, title: 'fat' }, { pageSize: 100, open: true }]) {
      const pages = allPages(list, asked);
      for (const page of pages) expect(encodedBytes(page)).toBeLessThan(64 * 1024);
      const ids = pages.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId));
      expect(ids.length).toBe(50);
      expect(ids).toEqual([...ids].sort());
    }
  });

  it('A15: look at a bounded number of rooms, and say where to go on', () => {
    const { list } = world();
    for (let nth = 0; nth < 5_000; nth += 1) {
      const room = {
        roomId: `room ${nth}`,
        title: 'tea',
        capacity: 2,
        users: 0,
        held: nth === 4_999 ? 1 : 2,
        createdAt: nth,
        attributes: {},
      };
      list.put(newEntry(room));
    }
    const asked = { open: true, pageSize: 10 };
    const first = list.page(asked);
    expect(first).toMatchObject({ total: 0, rooms: [] });
    expect(first.next).toBeDefined();
    const pages = allPages(list, asked);
    expect(pages.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId))).toEqual(['room 4999']);
  });

  it('A15: pass over a bounded number of rooms of a front that is gone, and say where to go on', () => {
    const { list } = world();
    const gone = {};
    const record = { title: 'tea', capacity: 2, users: 0, held: 1, attributes: {} };
    for (let nth = 0; nth < 25_000; nth += 1)
      list.put(newEntry({ ...record, roomId: `room ${nth}`, createdAt: nth }, gone));
    const last = newEntry({ ...record, roomId: 'last', createdAt: 25_000 });
    list.put(last);
    list.removeFront(gone);
    for (const asked of [{ title: 'tea' }, { open: true }]) {
      const pages = allPages(list, asked);
      expect(pages.map(({ rooms }) => rooms.length)).toEqual([0, 0, 1]);
    }
    // The place of the first room is known however many are dead before it.
    expect(allPages(list, {})).toMatchObject([{ total: 1, pages: 1, rooms: [{ roomId: 'last' }] }]);
  });

  it.each(['', 'x', 'W10', 'eyJhIjoxfQ', Buffer.from('[1]').toString('base64url'), 'İ'])(
    'refuse "%s" as a cursor',
    (after) => {
      const { list } = world();
      expect(() => list.page({ after })).toThrow(expect.objectContaining({ code: 'bad_request' }));
    },
  );
});

describe('quick rooms', () => {
  it('A16: are those that suit, in which somebody is and a seat is not asked for, the fullest first', () => {
    const wish = fc.record({ capacity: fc.integer({ min: 1, max: 4 }), attributes }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60, size: 'max' }), wish, (changes, asked) => {
        const { list, entries } = applied(changes);
        const free = ({ record: { capacity, held }, asked: by }: Entry): number => capacity - held - by.size;
        const expected = entries
          .filter((entry) => suits(entry, { attributes: asked.attributes ?? {}, open: true }))
          .filter(({ record: { capacity } }) => asked.capacity === undefined || capacity === asked.capacity)
          .filter((entry) => free(entry) > 0 && entry.record.held > 0)
          .sort((a, b) => free(a) - free(b) || byAge(a, b));
        expect(list.suitable(asked, 5)).toEqual(expected.slice(0, 5));
      }),
      { numRuns: 300 },
    );
  });
});
