/**
 * The listed rooms, oldest first; those of one moment in the order of their ids. Kept in order, so that a
 * page is a slice.
 */
import type { RoomInfo } from '@lobby/protocol';

export interface Listed {
  readonly record: RoomInfo;
}

export class RoomList<Entry extends Listed> implements Iterable<Entry> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  [Symbol.iterator](): IterableIterator<Entry> {
    return this.#entries.values();
  }

  add(entry: Entry): void {
    this.#entries.splice(this.#position(entry.record), 0, entry);
  }

  delete(entry: Entry): void {
    const at = this.#position(entry.record);
    if (this.#entries[at] === entry) this.#entries.splice(at, 1);
  }

  /** One page, counted from 1, of the rooms whose title holds `title`, without regard to case. */
  page({ page, pageSize = 20, title = '' }: { page: number; pageSize?: number; title?: string }): {
    page: number;
    pages: number;
    total: number;
    rooms: RoomInfo[];
  } {
    const wanted = title.toLowerCase();
    const matching =
      wanted === ''
        ? this.#entries
        : this.#entries.filter(({ record }) => record.title.toLowerCase().includes(wanted));
    const total = matching.length;
    const rooms = matching
      .slice((page - 1) * pageSize, page * pageSize)
      .map(({ record }) => roomInfo(record));
    return { page, pages: Math.ceil(total / pageSize), total, rooms };
  }

  /** Where a room stands, or would stand. */
  #position(record: RoomInfo): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore((this.#entries[middle] as Entry).record, record)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: RoomInfo, b: RoomInfo): boolean {
  return a.createdAt === b.createdAt ? a.roomId < b.roomId : a.createdAt < b.createdAt;
}

/** What clients are told of a room. */
function roomInfo({ roomId, title, capacity, users, createdAt, attributes }: RoomInfo): RoomInfo {
  return { roomId, title, capacity, users, createdAt, attributes };
}
