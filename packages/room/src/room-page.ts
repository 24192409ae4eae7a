/**
 * What a page of the listed rooms says, cut by its bytes, and the cursor by which the next one goes on. It
 * chooses no rooms.
 */
import { Failure, MAX_PAGE_BYTES, encodedBytes } from '@lobby/protocol';
import type { RoomInfo } from '@lobby/protocol';

export interface RoomPage {
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly rooms: RoomInfo[];
  /** The cursor of the next page; missing where nothing more follows. */
  readonly next?: string;
}

/** A place in the order of the list. */
export interface Point {
  readonly createdAt: number;
  readonly roomId: string;
}

type TellingRoom = RoomInfo & { readonly held: number };

interface Shown {
  readonly entry: { readonly record: TellingRoom };
}

/** Bytes of the rooms of a page: what stands around them has its place, too. */
const ROOMS_BYTES = MAX_PAGE_BYTES - 1024;

/** As many rooms as a page may have and its bytes allow; the first always. */
export function cut<Card extends Shown>(
  cards: readonly Card[],
  from: number,
  pageSize: number,
): { readonly rooms: RoomInfo[]; readonly last: Card | undefined } {
  const rooms: RoomInfo[] = [];
  let bytes = 0;
  let last: Card | undefined;
  for (let at = from; at < cards.length && rooms.length < pageSize; at += 1) {
    const card = cards[at] as Card;
    const room = roomInfo(card.entry.record);
    bytes += encodedBytes(room);
    if (bytes > ROOMS_BYTES && rooms.length > 0) break;
    rooms.push(room);
    last = card;
  }
  return { rooms, last };
}

/**
 * Where the next page goes on, in a form that means nothing to others. The id is in it as it is, whatever is
 * in it: so a cursor is never longer than its schema takes.
 */
export function cursorOf({ createdAt, roomId }: Point): string {
  return Buffer.from(`${createdAt} ${roomId}`).toString('base64url');
}

const POINT = /^(\d{1,16}) (.+)$/s;

/** Throws `bad_request` for what is no cursor. */
export function pointOf(cursor: string): Point {
  const [, createdAt, roomId] = POINT.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdAt !== undefined && roomId !== undefined) return { createdAt: Number(createdAt), roomId };
  throw new Failure('bad_request', '`after` is no cursor: give the `next` of the page before, as it is');
}

/** What clients are told of a room. */
function roomInfo({ roomId, title, capacity, users, held, createdAt, attributes }: TellingRoom): RoomInfo {
  return { roomId, title, capacity, users, held, createdAt, attributes };
}
