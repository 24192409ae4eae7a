/**
 * The listed rooms, oldest first; those of one moment in the order of their ids. It gives pages, and rooms
 * for those who look for any.
 *
 * Invariants: what a call costs does not grow with the number of rooms: it looks at `MOST_LOOKS` of them, in
 * the narrowest set that an index gives. A page is cut by its bytes, and says where to go on. What a front
 * that is gone had listed is in no answer, though it lies here until it is deleted.
 */
import type { RoomInfo } from '@lobby/protocol';
import { AskedSeats } from './asked-seats.ts';
import { AttributeIndex, hasAll } from './attribute-index.ts';
import { OpenRooms, compareAge } from './open-rooms.ts';
import { OrderedSet } from './ordered-set.ts';
import { narrowest } from './postings.ts';
import { cursorOf, cut, pointOf } from './room-page.ts';
import type { Point, RoomPage } from './room-page.ts';
import { TitleIndex, foldTitle } from './title-index.ts';

export interface Listed {
  readonly record: RoomInfo & { readonly held: number };
  /** The front that holds it, always the same. */
  readonly front: object;
  /** The list's own, while it is listed. */
  card?: unknown;
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

export interface QuickQuery {
  readonly capacity?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Cards that one call looks at. */
const MOST_LOOKS = 500;
/** Cards of fronts that are gone which one call passes over. To pass is far less than to look. */
const MOST_PASSES = 10_000;
const PAGE_SIZE = 20;

/** The listed rooms of one front. */
class Share<Entry> {
  readonly cards = new OrderedSet<Card<Entry>, Point>(compareAge);
  isGone = false;
}

class Card<Entry> {
  free = 0;
  readonly entry: Entry;
  readonly share: Share<Entry>;
  readonly roomId: string;
  readonly createdAt: number;
  readonly folded: string;
  readonly attributes: Readonly<Record<string, string>>;

  constructor(entry: Entry & Listed, share: Share<Entry>) {
    const { roomId, createdAt, title, attributes } = entry.record;
    this.entry = entry;
    this.share = share;
    this.roomId = roomId;
    this.createdAt = createdAt;
    this.folded = foldTitle(title);
    this.attributes = attributes;
  }
}

/** Cards that suit, in order, and how far was looked. */
interface Found<Entry> {
  readonly cards: readonly Card<Entry>[];
  /** The last card that was looked at, where there are more behind it. */
  readonly lookedTo: Card<Entry> | undefined;
}

export class RoomList<Entry extends Listed> implements Iterable<Entry> {
  readonly #standing: Standing<Entry>;
  readonly #ordered = new OrderedSet<Card<Entry>, Point>(compareAge);
  readonly #titles = new TitleIndex<Card<Entry>, Point>(compareAge);
  readonly #attributes = new AttributeIndex<Card<Entry>, Point>(compareAge);
  readonly #open = new OpenRooms<Card<Entry>>();
  readonly #shares = new Map<object, Share<Entry>>();
  /** The shares of fronts that are gone, as long as something is left of them, and how much that is. */
  readonly #gone = new Set<Share<Entry>>();
  #dead = 0;
  readonly #asked = new AskedSeats<Entry>();

  constructor(standing: Standing<Entry>) {
    this.#standing = standing;
  }

  get size(): number {
    return this.#ordered.size - this.#dead;
  }

  *[Symbol.iterator](): IterableIterator<Entry> {
    for (const { entry, share } of this.#ordered) if (!share.isGone) yield entry;
  }

  /** It is new, or its record has changed. */
  put(entry: Entry): void {
    const { record } = entry;
    let card = cardOf(entry);
    if (card === undefined || !isSame(card, record)) {
      this.delete(entry);
      card = this.#list(entry);
    }
    this.#open.put(card, this.#free(entry));
  }

  /** Harmless where it is not listed. */
  delete(entry: Entry): void {
    const card = cardOf(entry);
    if (card === undefined) return;
    entry.card = undefined;
    this.#ordered.delete(card);
    this.#titles.delete(card);
    this.#attributes.delete(card);
    this.#open.delete(card);
    const { share } = card;
    share.cards.delete(card);
    if (!share.isGone) return;
    this.#dead -= 1;
    if (share.cards.size === 0) this.#gone.delete(share);
  }

  /**
   * The front is gone, and what it had listed is not seen from now on. To delete it is left to the caller.
   */
  removeFront(front: object): void {
    const share = this.#shares.get(front);
    this.#shares.delete(front);
    if (share === undefined || share.cards.size === 0) return;
    share.isGone = true;
    this.#gone.add(share);
    this.#dead += share.cards.size;
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

  /** The user asks for a seat there: until it is told of, or the answer is there, it counts as taken. */
  ask(entry: Entry, user: string): void {
    this.#asked.add(entry, user);
    this.#reorder(entry);
  }

  /** The runner will tell in this turn how the room is now, the user's seat included. */
  told(entry: Entry, user: string): void {
    this.#asked.delete(entry, user);
  }

  /** The answer is there, whatever it is. */
  answered(entry: Entry, user: string): void {
    this.#asked.delete(entry, user);
    this.#reorder(entry);
  }

  /** Rooms that suit, with a seat that is neither taken nor asked for, the fullest first, `most` of them. */
  suitable({ capacity, attributes = {} }: QuickQuery, most: number): Entry[] {
    const suits = (card: Card<Entry>): boolean =>
      (capacity === undefined || card.entry.record.capacity === capacity) &&
      hasAll(card.attributes, attributes) &&
      this.#standing.isTaking(card.entry);
    return passing(this.#open.about(attributes))
      .take(MOST_LOOKS)
      .filter(suits)
      .take(most)
      .map(({ entry }) => entry)
      .toArray();
  }

  /**
   * Seats for those who look for any room. A room has none where nobody holds a seat: who made it held one,
   * and everybody has left it.
   */
  #free(entry: Entry): number {
    const { capacity, held } = entry.record;
    return held === 0 ? 0 : Math.max(0, capacity - held - this.#asked.in(entry));
  }

  /** Its place among the open rooms; harmless where it is not listed. */
  #reorder(entry: Entry): void {
    const card = cardOf(entry);
    if (card !== undefined) this.#open.put(card, this.#free(entry));
  }

  #list(entry: Entry): Card<Entry> {
    const { front } = entry;
    let share = this.#shares.get(front);
    if (share === undefined) this.#shares.set(front, (share = new Share()));
    const card = new Card(entry, share);
    entry.card = card;
    share.cards.add(card);
    this.#ordered.add(card);
    this.#titles.add(card);
    this.#attributes.add(card);
    return card;
  }

  /** The next rooms, and one more, so that it is known whether there is one. */
  #any(point: Point | undefined, place: number, pageSize: number): Found<Entry> {
    const isAny = (): boolean => true;
    const set = point === undefined ? this.#ordered.from(this.#placeOf(place)) : this.#ordered.after(point);
    return look(set, isAny, pageSize + 1);
  }

  /** Where that room stands of which so many come before; those of fronts that are gone do not count. */
  #placeOf(place: number): number {
    let low = place;
    let high = Math.min(this.#ordered.size, place + this.#dead);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (middle + 1 - this.#deadTo(middle) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Cards of fronts that are gone up to this place, the place itself included. */
  #deadTo(place: number): number {
    const { value: card } = this.#ordered.from(place).next();
    if (card === undefined) return this.#dead;
    let count = 0;
    for (const { cards } of this.#gone) count += cards.countTo(card);
    return count;
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
      (!open || (hasFreeSeat(card.entry) && isTaking(card.entry)));
    const set = narrowest(this.#ordered, this.#titles.of(folded), this.#attributes.of(attributes));
    return look(set.after(point), suits, Infinity);
  }
}

/** The entry's card in the list to which it belongs. */
function cardOf<Entry extends Listed>({ card }: Entry): Card<Entry> | undefined {
  return card as Card<Entry> | undefined;
}

/** Looks for cards that suit, for `enough` of them, and as far as one call may. */
function look<Entry>(
  cards: Iterable<Card<Entry>>,
  suits: (card: Card<Entry>) => boolean,
  enough: number,
): Found<Entry> {
  const found: Card<Entry>[] = [];
  let looks = 0;
  let passes = 0;
  let last: Card<Entry> | undefined;
  for (const card of cards) {
    // There is one more: where it goes on.
    if (looks === MOST_LOOKS || passes === MOST_PASSES) return { cards: found, lookedTo: last };
    last = card;
    if (card.share.isGone) {
      passes += 1;
      continue;
    }
    looks += 1;
    if (suits(card)) found.push(card);
    if (found.length === enough) break;
  }
  return { cards: found, lookedTo: undefined };
}

/** The cards without those of fronts that are gone, of which it passes over as many as one call may. */
function* passing<Entry>(cards: Iterable<Card<Entry>>): Generator<Card<Entry>, undefined> {
  let passes = 0;
  for (const card of cards) {
    if (!card.share.isGone) yield card;
    else if ((passes += 1) === MOST_PASSES) return;
  }
}

function hasFreeSeat({ record: { capacity, held } }: Listed): boolean {
  return held < capacity;
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
