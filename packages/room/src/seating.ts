/**
 * How a user gets a seat: in a room that is made, that is named, or that suits; and back to the one that is
 * still held. It asks the room-runners, and writes in no books: what they do they report.
 *
 * Invariants: a user's other seat is released before a new one is asked for; of one request there is never a
 * second room. Whoever calls sees to it that what is asked about one user is done one after the other.
 */
import type { Drain, FrontRegistry, Recovery } from '@lobby/discovery';
import { Failure, room as topics } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { CreateRequests } from './create-requests.ts';
import type { GrantSource } from './grant-source.ts';
import { Placement } from './placement.ts';
import type { RoomBooks, RoomEntry } from './room-books.ts';
import type { RoomWish } from './room.ts';
import type { Asker } from './seat.ts';

export interface SeatingOptions {
  readonly runners: FrontRegistry;
  readonly books: RoomBooks;
  readonly requests: CreateRequests;
  readonly recovery: Recovery;
  readonly grants: GrantSource;
  /** When it has begun, no room is made any more. */
  readonly drain: Drain;
}

type Offer = ResponseOf<typeof topics.reqReserveF2b>;
type QuickWish = Pick<PayloadOf<typeof topics.reqQuickF2b>, 'capacity' | 'attributes'>;

const QUICK_CAPACITY = 8;
const QUICK_TRIES = 5;
/** Failures of one room or runner after which another may do. */
const TRY_ANOTHER_ROOM: readonly string[] = [
  'room_full',
  'room_closed',
  'room_not_found',
  'backend_unavailable',
  'draining',
];
/** When a create is worth repeating of which it is not known yet whether it was done. */
const RETRY_CREATE_MS = 1_000;

export class Seating {
  readonly #books: RoomBooks;
  readonly #requests: CreateRequests;
  readonly #recovery: Recovery;
  readonly #grants: GrantSource;
  readonly #drain: Drain;
  readonly #placement: Placement;

  constructor({ runners, books, requests, recovery, grants, drain }: SeatingOptions) {
    this.#books = books;
    this.#requests = requests;
    this.#recovery = recovery;
    this.#grants = grants;
    this.#drain = drain;
    this.#placement = new Placement(runners, books);
  }

  /** A seat in a room that is made for the user; in the same room again where the request is repeated. */
  async create(asker: Asker, wish: RoomWish): Promise<Offer> {
    if (wish.requestId !== undefined) await this.#outcomeKnown(asker.user, wish.requestId);
    const made = this.#requests.find(asker.user, wish.requestId);
    if (made !== undefined) return this.#repeated(asker, made);
    this.#drain.refuseNew();
    await this.#releaseOther(asker, undefined);
    return this.#place(asker, wish);
  }

  /**
   * Resolves when it is known whether the request has made a room. Fails with `backend_unavailable` as long
   * as one may be there that nobody has told of: a second one must not come into being.
   */
  async #outcomeKnown(user: string, requestId: string): Promise<void> {
    const made = (): string | undefined => this.#requests.find(user, requestId);
    const recovered =
      made() !== undefined || this.#recovery.recovered || (await this.#recovery.afterWindow());
    const roomId = made();
    if (roomId !== undefined && this.#books.rooms.has(roomId)) return;
    if (this.#requests.isAwaited(user, requestId) || (roomId === undefined && !recovered)) {
      throw new Failure(
        'backend_unavailable',
        'whether this request has made a room is not known yet: ask again with the same requestId',
        { retryAfterMs: RETRY_CREATE_MS, mayHaveRun: true },
      );
    }
  }

  /** The same request again: the same room, never a second. */
  #repeated(asker: Asker, roomId: string): Promise<Offer> {
    if (this.#books.rooms.has(roomId)) return this.enter(asker, roomId);
    throw new Failure(
      'room_closed',
      'the room that this request made is closed: create with another requestId',
    );
  }

  /** A seat in this room. Fails with `room_not_found`, or as the room-runner does. */
  async enter(asker: Asker, roomId: string): Promise<Offer> {
    const entry = this.#books.rooms.get(roomId);
    if (entry === undefined) throw new Failure('room_not_found', 'there is no room of this id');
    await this.#releaseOther(asker, roomId);
    return this.#reserve(asker, entry);
  }

  /** A seat in the fullest room that suits; in one that is made where none does. */
  async quick(asker: Asker, wish: QuickWish): Promise<Offer & { created: boolean }> {
    await this.#releaseOther(asker, undefined);
    // What is tried changes the list, so the rooms are picked first.
    for (const entry of this.#books.list.suitable(wish, QUICK_TRIES)) {
      try {
        return { ...(await this.#reserve(asker, entry)), created: false };
      } catch (error) {
        if (!(error instanceof Failure) || error.mayHaveRun || !TRY_ANOTHER_ROOM.includes(error.code))
          throw error;
      }
    }
    this.#drain.refuseNew();
    const { capacity = QUICK_CAPACITY, attributes } = wish;
    const made = {
      title: `${asker.user}'s room`,
      capacity,
      ...(attributes === undefined ? {} : { attributes }),
    };
    return { ...(await this.#place(asker, made)), created: true };
  }

  /** A fresh ticket to the seat that the user still holds, if there is one. */
  async wayBack(asker: Asker): Promise<ResponseOf<typeof topics.reqSeatF2b>> {
    const held = this.#books.seatOf(asker.user);
    const entry = held === undefined ? undefined : this.#books.rooms.get(held.record.roomId);
    if (entry === undefined) return {};
    try {
      const { seat } = await this.#reserve(asker, entry, { mustHold: true });
      return { seat };
    } catch (error) {
      if (error instanceof Failure) return {};
      throw error;
    }
  }

  /**
   * Has a room made; where the answer is lost, the request is not repeated before it is known what became of
   * it.
   */
  #place(asker: Asker, wish: RoomWish): Promise<Offer> {
    return this.#placement.place(
      () => ({ ...asker, ...wish, grant: this.#grants.next() }),
      ({ up }) => this.#requests.lost(asker.user, wish.requestId, up),
    );
  }

  async #reserve(
    asker: Asker,
    { record, front }: RoomEntry,
    only: { readonly mustHold?: boolean } = {},
  ): Promise<Offer> {
    const { roomId } = record;
    return front.session.call(topics.reqReserveB2f, {
      ...asker,
      ...only,
      roomId,
      grant: this.#grants.next(),
    });
  }

  /**
   * Frees the user's seat in any room but this one. Fails with `already_in_room` where the user is checked in
   * there.
   */
  async #releaseOther({ user, epoch }: Asker, roomId: string | undefined): Promise<void> {
    const held = this.#books.seatOf(user);
    if (held === undefined || held.record.roomId === roomId) return;
    await held.front.session.call(topics.reqReleaseB2f, { user, epoch, roomId: held.record.roomId });
  }
}
