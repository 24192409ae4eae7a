/**
 * The listed rooms, oldest first; those of one moment in the order of their ids. It gives pages, and rooms
 * for those who look for any.
 *
 * Invariant: what a call costs does not grow with the number of rooms: it looks at `MOST_LOOKS` of them, in
 * the narrowest set that an index gives. A page is cut by its bytes, and says where to go on.
 */
import { Failure, MAX_PAGE_BYTES, encodedBytes } from '@lobby/protocol';
import type { RoomInfo } from '@lobby/protocol';
import { AttributeIndex, hasAll } from './attribute-index.ts';
import { OpenRooms, compareAge } from './open-rooms.ts';
import { OrderedSet } from './ordered-set.ts';
import { narrowest } from './postings.ts';
import { TitleIndex, foldTitle } from './title-index.ts';

export interface Listed {
  readonly record: RoomInfo & { readonly held: number };
}

/** What may be said of entries besides their records. */
export interface Standing<Entry> {
  /** Whoever asks for a seat may get one there. */
  readonly isTaking: (entry: Entry) => boolean;
}

export interface PageQuery {
  /** From 1; not asked where there is a cursor. */
  readonly page?: number;
  readonly pageSize?: number;
  /** What the title must hold, without regard to case. */
  readonly title?: string;
  /** All of these pairs. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** With a free seat, on a runner that takes people. */
  readonly open?: boolean;
  /** The cursor of the page before. */
  readonly after?: string;
}

export interface RoomPage {
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly rooms: RoomInfo[];
  /** The cursor of the next page; missing where nothing more follows. */
  readonly next?: string;
}

export interface QuickQuery {
  readonly capacity?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Cards that one call looks at. */
const MOST_LOOKS = 500;
/** Bytes of the rooms of a page: what stands around them has its place, too. */
const ROOMS_BYTES = MAX_PAGE_BYTES - 1024;
const PAGE_SIZE = 20;

class Card<Entry> {
  free = 0;
  readonly entry: Entry;
  readonly roomId: string;
  readonly createdAt: number;
  readonly folded: string;
  readonly attributes: Readonly<Record<string, string>>;

  constructor(entry: Entry & Listed) {
    const { roomId, createdAt, title, attributes } = entry.record;
    this.entry = entry;
    this.roomId = roomId;
    this.createdAt = createdAt;
    this.folded = foldTitle(title);
    this.attributes = attributes;
  }
}

type Point = Pick<Card<unknown>, 'createdAt' | 'roomId'>;

/** Cards that suit, in order, and how far was looked. */
interface Found<Entry> {
  readonly cards: readonly Card<Entry>[];
  /** The last card that was looked at, where there are more behind it. */
  readonly lookedTo: Card<Entry> | undefined;
}

export class RoomList<Entry extends Listed> implements Iterable<Entry> {
  readonly #standing: Standing<Entry>;
  readonly #cards = new Map<Entry, Card<Entry>>();
  readonly #ordered = new OrderedSet<Card<Entry>, Point>(compareAge);
  readonly #titles = new TitleIndex<Card<Entry>, Point>(compareAge);
  readonly #attributes = new AttributeIndex<Card<Entry>, Point>(compareAge);
  readonly #open = new OpenRooms<Card<Entry>>();

  constructor(standing: Standing<Entry>) {
    this.#standing = standing;
  }

  get size(): number {
    return this.#ordered.size;
  }

  *[Symbol.iterator](): IterableIterator<Entry> {
    for (const { entry } of this.#ordered) yield entry;
  }

  /** It is new, or its record has changed. */
  put(entry: Entry): void {
    const { record } = entry;
    let card = this.#cards.get(entry);
    if (card === undefined || !isSame(card, record)) {
      this.delete(entry);
      card = this.#list(entry);
    }
    this.#open.put(card, Math.max(0, record.capacity - record.held));
  }

  /** Harmless where it is not listed. */
  delete(entry: Entry): void {
    const card = this.#cards.get(entry);
    if (card === undefined) return;
    this.#cards.delete(entry);
    this.#ordered.delete(card);
    this.#titles.delete(card);
    this.#attributes.delete(card);
    this.#open.delete(card);
  }

  /**
   * A page of the rooms that suit. With a filter `total` and `pages` count as far as this call looks; the
   * page may be short then, or empty, and have a `next` all the same. Throws `bad_request` for a cursor that
   * is none.
   */
  page(query: PageQuery): RoomPage {
    const { page = 1, pageSize = PAGE_SIZE } = query;
    const point = query.after === undefined ? undefined : pointOf(query.after);
    const skipped = point === undefined ? (page - 1) * pageSize : 0;
    const isFiltered = isFilter(query);
    const found = isFiltered ? this.#matching(query, point) : this.#any(point, skipped, pageSize);
    const total = isFiltered ? found.cards.length : this.size;
    const from = isFiltered ? skipped : 0;
    const { rooms, last } = cut(found.cards, from, pageSize);
    const goesOnAt = from + rooms.length < found.cards.length ? last : found.lookedTo;
    const next = goesOnAt === undefined ? {} : { next: cursorOf(goesOnAt) };
    return { page, pages: Math.ceil(total / pageSize), total, rooms, ...next };
  }

  /** Rooms with a free seat that suit, the fullest first, `most` of them. */
  suitable({ capacity, attributes = {} }: QuickQuery, most: number): Entry[] {
    const suits = (card: Card<Entry>): boolean =>
      (capacity === undefined || card.entry.record.capacity === capacity) &&
      hasAll(card.attributes, attributes) &&
      this.#standing.isTaking(card.entry);
    return this.#open
      .about(attributes)
      .take(MOST_LOOKS)
      .filter(suits)
      .take(most)
      .map(({ entry }) => entry)
      .toArray();
  }

  #list(entry: Entry): Card<Entry> {
    const card = new Card(entry);
    this.#cards.set(entry, card);
    this.#ordered.add(card);
    this.#titles.add(card);
    this.#attributes.add(card);
    return card;
  }

  /** The next rooms, and one more, so that it is known whether there is one. */
  #any(point: Point | undefined, place: number, pageSize: number): Found<Entry> {
    const cards = point === undefined ? this.#ordered.from(place) : this.#ordered.after(point);
    return { cards: cards.take(pageSize + 1).toArray(), lookedTo: undefined };
  }

  #matching(
    { title = '', attributes = {}, open = false }: PageQuery,
    point: Point | undefined,
  ): Found<Entry> {
    const folded = foldTitle(title);
    const { isTaking } = this.#standing;
    const suits = (card: Card<Entry>): boolean =>
      card.folded.includes(folded) &&
      hasAll(card.attributes, attributes) &&
      (!open || (card.free > 0 && isTaking(card.entry)));
    const set = narrowest(this.#ordered, this.#titles.of(folded), this.#attributes.of(attributes));
    const cards: Card<Entry>[] = [];
    let looks = 0;
    let last: Card<Entry> | undefined;
    for (const card of set.after(point)) {
      // There is one more: where it goes on.
      if (looks === MOST_LOOKS) return { cards, lookedTo: last };
      looks += 1;
      last = card;
      if (suits(card)) cards.push(card);
    }
    return { cards, lookedTo: undefined };
  }
}

function isFilter({ title = '', attributes = {}, open = false }: PageQuery): boolean {
  return title !== '' || open || Object.keys(attributes).length > 0;
}

/** Whether the card still says what the record does. */
function isSame({ createdAt, folded, attributes }: Card<unknown>, record: RoomInfo): boolean {
  if (createdAt !== record.createdAt || folded !== foldTitle(record.title)) return false;
  const pairs = Object.entries(record.attributes);
  return (
    pairs.length === Object.keys(attributes).length &&
    pairs.every(([key, value]) => attributes[key] === value)
  );
}

/** As many rooms as a page may have and its bytes allow; the first always. */
function cut<Entry extends Listed>(
  cards: readonly Card<Entry>[],
  from: number,
  pageSize: number,
): { readonly rooms: RoomInfo[]; readonly last: Card<Entry> | undefined } {
  const rooms: RoomInfo[] = [];
  let bytes = 0;
  let last: Card<Entry> | undefined;
  for (let at = from; at < cards.length && rooms.length < pageSize; at += 1) {
    const card = cards[at] as Card<Entry>;
    const room = roomInfo(card.entry.record);
    bytes += encodedBytes(room);
    if (bytes > ROOMS_BYTES && rooms.length > 0) break;
    rooms.push(room);
    last = card;
  }
  return { rooms, last };
}

function cursorOf({ createdAt, roomId }: Point): string {
  return Buffer.from(JSON.stringify([createdAt, roomId])).toString('base64url');
}

function pointOf(cursor: string): Point {
  try {
    const [createdAt, roomId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof createdAt === 'number' && typeof roomId === 'string') return { createdAt, roomId };
  } catch {
    // Said below.
  }
  throw new Failure('bad_request', '`after` is no cursor: give the `next` of the page before, as it is');
}

/** What clients are told of a room. */
function roomInfo({ roomId, title, capacity, users, createdAt, attributes }: RoomInfo): RoomInfo {
  return { roomId, title, capacity, users, createdAt, attributes };
}
