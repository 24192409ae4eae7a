/**
 * The rooms in which nobody holds a seat, by who created them, the oldest first. What a step costs does not
 * grow with the number of rooms.
 */
import { userKey } from '@lobby/protocol';
import { compareAge } from './open-rooms.ts';
import { OrderedSet } from './ordered-set.ts';
import type { Point } from './room-page.ts';
import type { RoomRecord } from './room.ts';

interface Created {
  record: RoomRecord;
  /** The index's own, while it is empty. */
  empty?: unknown;
}

/** By what it was put in order: a record may be told anew, and say something else. */
class EmptyRoom<Entry> {
  readonly entry: Entry;
  readonly creator: string;
  readonly roomId: string;
  readonly createdAt: number;

  constructor(entry: Entry & Created) {
    const { creator, roomId, createdAt } = entry.record;
    this.entry = entry;
    this.creator = userKey(creator);
    this.roomId = roomId;
    this.createdAt = createdAt;
  }
}

export class EmptyRooms<Entry extends Created> {
  readonly #byCreator = new Map<string, OrderedSet<EmptyRoom<Entry>, Point>>();

  /** It is new, or its record has changed. */
  put(entry: Entry): void {
    if (entry.record.held > 0) return this.delete(entry);
    if (entry.empty !== undefined) return;
    const room = new EmptyRoom(entry);
    entry.empty = room;
    const others = this.#byCreator.get(room.creator) ?? new OrderedSet(compareAge);
    this.#byCreator.set(room.creator, others);
    others.add(room);
  }

  /** Harmless where it is not there. */
  delete(entry: Entry): void {
    const room = entry.empty as EmptyRoom<Entry> | undefined;
    if (room === undefined) return;
    entry.empty = undefined;
    const others = this.#byCreator.get(room.creator);
    others?.delete(room);
    if (others?.size === 0) this.#byCreator.delete(room.creator);
  }

  /** The oldest first. It must not change while it is read. */
  of(creator: string): IteratorObject<Entry, undefined> {
    const rooms = this.#byCreator.get(userKey(creator));
    return (rooms ?? new OrderedSet<EmptyRoom<Entry>, Point>(compareAge)).from(0).map(({ entry }) => entry);
  }
}
