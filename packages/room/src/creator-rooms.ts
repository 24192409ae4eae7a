/**
 * Keeps the rooms of one creator few in which nobody else holds a seat: before another is made, the oldest
 * that are empty are closed. A creator holds one seat only, and it is released before a room is made, so by
 * then all of them are empty; unless somebody comes at that very moment, and then it is such a room no more.
 *
 * The room-runner looks again before it closes one. One that does not know this word yet leaves it open, and
 * then no other is made.
 */
import { Failure, room as topics } from '@lobby/protocol';
import type { RoomBooks, RoomEntry } from './room-books.ts';
import type { Asker } from './seat.ts';

/** Rooms that are closed for one that is made: so many may have become empty at once. */
const MOST_CLOSED = 8;

export class CreatorRooms {
  readonly #books: RoomBooks;
  readonly #most: number;

  /** `most` rooms in which nobody else holds a seat. */
  constructor(books: RoomBooks, most: number) {
    this.#books = books;
    this.#most = most;
  }

  /** Rejects with `too_many_rooms` where the creator has as many after it as there may be. */
  async makeWay(asker: Asker): Promise<void> {
    const empty = this.#emptyOf(asker.user, this.#most - 1 + MOST_CLOSED);
    const excess = empty.slice(0, Math.max(0, empty.length - (this.#most - 1)));
    if (excess.length === 0) return;
    await Promise.all(excess.map((entry) => this.#close(asker, entry)));
    if (this.#emptyOf(asker.user, this.#most).length >= this.#most)
      throw new Failure(
        'too_many_rooms',
        `you have ${this.#most} rooms that nobody else is in: use one of them`,
      );
  }

  /** The oldest first. */
  #emptyOf(user: string, atMost: number): RoomEntry[] {
    return this.#books.emptyRoomsOf(user).take(atMost).toArray();
  }

  /** Harmless where it can't be closed: it is looked at again afterwards. */
  async #close({ user, epoch }: Asker, { record: { roomId }, front }: RoomEntry): Promise<void> {
    try {
      await front.session.call(topics.reqReleaseB2f, { user, epoch, roomId, close: true });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
}
