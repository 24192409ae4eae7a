/**
 * The books that were taken at the end, as a check asks for one login or one room of them after another.
 * Where two rows bear one name the first counts.
 */
import type { BooksLine, RoomRow } from '../history/history-line.ts';

export class FinalBooks {
  /** By process, then by room. */
  readonly #rooms = new Map<string, ReadonlyMap<string, RoomRow>>();
  /** By front and session, as lobby-master knows them. */
  readonly #users: ReadonlyMap<string, string>;

  constructor(books: readonly BooksLine[]) {
    for (const { node, rooms = [] } of books.toReversed())
      this.#rooms.set(node, new Map(rooms.toReversed().map((row) => [row.roomId, row])));
    const users = books.find(({ node }) => node === 'lobby-master')?.users ?? [];
    this.#users = new Map(
      users.toReversed().map(({ front, session, name }) => [`${front} ${session}`, name]),
    );
  }

  /** Who is logged in as that session, as lobby-master knows it. */
  userOf(front: string, session: number): string | undefined {
    return this.#users.get(`${front} ${session}`);
  }

  /** A room as that process knows it. */
  room(node: string, roomId: string): RoomRow | undefined {
    return this.#rooms.get(node)?.get(roomId);
  }
}
