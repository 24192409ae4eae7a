/**
 * A room: its seats and the order of its chat. It alone owns its seats. Pure state; it sends nothing and
 * knows no time.
 *
 * Invariants: taken + reserved seats never exceed the capacity; a user has at most one seat in it. Every
 * change is one synchronous step.
 */
import { Failure, userKey } from '@lobby/protocol';
import type { PayloadOf, RoomInfo, room as topics } from '@lobby/protocol';
import type { Session } from '@lobby/pulse';
import type { FairBudget } from './fair-budget.ts';
import { Seat } from './seat.ts';
import type { Asker } from './seat.ts';

export type RoomRecord = PayloadOf<typeof topics.synChangesF2b>['rooms'][number];

export interface RoomWish {
  readonly title: string;
  readonly capacity: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly private?: boolean;
  readonly requestId?: string;
}

export class Room {
  readonly roomId: string;
  readonly wish: RoomWish;
  readonly creator: string;
  readonly createdAt: number;
  /** What is said to all in it is taken from here, by users' keys; made when it is first needed. */
  deliveries: FairBudget | undefined;
  readonly #seats = new Map<string, Seat>();
  #requestId: string | undefined;
  #lastChatId = 0;
  #closed = false;

  constructor(
    roomId: string,
    wish: RoomWish,
    made: { readonly creator: string; readonly createdAt: number },
  ) {
    this.roomId = roomId;
    this.wish = wish;
    this.creator = made.creator;
    this.createdAt = made.createdAt;
    this.#requestId = wish.requestId;
  }

  /** Seats taken or reserved. */
  get held(): number {
    return this.#seats.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The seats of those who have checked in, those included whose connection was lost a moment ago. */
  members(): Seat[] {
    return [...this.#seats.values()].filter((seat) => seat.state !== 'reserved');
  }

  /** The connections that are checked in, without that of `except`. */
  sessions(except?: Seat): Session[] {
    const sessions: Session[] = [];
    for (const seat of this.#seats.values())
      if (seat.session !== undefined && seat !== except) sessions.push(seat.session);
    return sessions;
  }

  get info(): RoomInfo {
    const { roomId, createdAt } = this;
    const { title, capacity, attributes = {} } = this.wish;
    const users = this.members().length;
    return { roomId, title, capacity, users, held: this.held, createdAt, attributes };
  }

  get record(): RoomRecord {
    const { private: hidden = false } = this.wish;
    const requestId = this.#requestId;
    return {
      ...this.info,
      held: this.held,
      private: hidden,
      creator: this.creator,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }

  seatOf(user: string): Seat | undefined {
    return this.#seats.get(userKey(user));
  }

  seats(): IterableIterator<Seat> {
    return this.#seats.values();
  }

  /**
   * The user's seat: the one there is, given to this login now, or a new one. Throws `room_full`,
   * `room_closed`, and `already_in_room` where a newer login holds it.
   */
  reserve(asker: Asker, grant: number): Seat {
    if (this.#closed) throw new Failure('room_closed', 'the room was closed');
    const present = this.seatOf(asker.user);
    if (present !== undefined) {
      if (present.epoch > asker.epoch)
        throw new Failure('already_in_room', 'a newer login of the user holds the seat');
      present.epoch = asker.epoch;
      present.grant = Math.max(present.grant, grant);
      return present;
    }
    if (this.held >= this.wish.capacity)
      throw new Failure('room_full', `all ${this.wish.capacity} seats are taken or reserved`);
    const seat = new Seat(this, asker, grant);
    this.#seats.set(seat.key, seat);
    return seat;
  }

  /** The seat is free again; tells whether it was one of this room. */
  free(seat: Seat): boolean {
    return this.#seats.get(seat.key) === seat && this.#seats.delete(seat.key);
  }

  /** It was made so long ago that the request that made it is not repeated any more. */
  forgetRequest(): void {
    this.#requestId = undefined;
  }

  /** Takes no one any more. */
  close(): void {
    this.#closed = true;
  }

  /** The number of the next chat: 1, 2, 3 ..., the same order for all. */
  nextChatId(): number {
    this.#lastChatId += 1;
    return this.#lastChatId;
  }
}
