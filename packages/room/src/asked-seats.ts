/**
 * Seats that a room-runner was asked for and has not told of yet, by room. They count as taken, so that those
 * who look for any room at one moment do not all run to its last seat. It is a guess: the runner decides.
 */

export class AskedSeats<Room> {
  readonly #users = new Map<Room, Set<string>>();

  /** How many are asked for in this room. */
  in(room: Room): number {
    return this.#users.get(room)?.size ?? 0;
  }

  /** The user asks for a seat there. */
  add(room: Room, user: string): void {
    const users = this.#users.get(room);
    if (users === undefined) this.#users.set(room, new Set([user]));
    else users.add(user);
  }

  /** The seat is told of, or the answer is there. Harmless where it is not asked for. */
  delete(room: Room, user: string): void {
    const users = this.#users.get(room);
    users?.delete(user);
    if (users?.size === 0) this.#users.delete(room);
  }
}
