/**
 * How a user gets a seat: in a room that is made, that is named, or that suits; and back to the one that is
 * still held. It asks the room-runners, and writes in no books: what they do they report. Those who look for
 * any room at one moment meet: seats that are asked for count as taken, rooms that are being made are waited
 * for.
 *
 * Invariants: a user's other seat is released before a new one is asked for; of one request there is never a
 * second room, and while its seat is held never a second seat. Whoever calls sees to it that what is asked
 * about one user is done one after the other.
 */
import type { Drain, FrontRegistry, Recovery } from '@lobby/discovery';
import { Failure, room as topics } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { Asking } from '@lobby/pulse';
import type { CreateRequests } from './create-requests.ts';
import { CreatorRooms } from './creator-rooms.ts';
import { Gatherings } from './gatherings.ts';
import type { GrantSource } from './grant-source.ts';
import { Placement } from './placement.ts';
import type { RoomBooks, RoomEntry } from './room-books.ts';
import type { RoomWish } from './room.ts';
import type { Asker } from './seat.ts';
import type { UnusedSeats } from './unused-seats.ts';

export interface SeatingOptions {
  readonly runners: FrontRegistry;
  readonly books: RoomBooks;
  readonly requests: CreateRequests;
  readonly recovery: Recovery;
  readonly grants: GrantSource;
  /** When it has begun, no room is made any more. */
  readonly drain: Drain;
  readonly unusedSeats: UnusedSeats;
  /** Rooms of one creator in which nobody else holds a seat. */
  readonly maxRoomsPerCreator: number;
}

type Offer = ResponseOf<typeof topics.reqReserveF2b>;
type QuickWish = Omit<PayloadOf<typeof topics.reqQuickF2b>, keyof Asker>;

/** What a room-runner is told of a reservation besides who asks, and where. */
type ReserveDetails = Pick<PayloadOf<typeof topics.reqReserveB2f>, 'mustHold' | 'request'>;

const QUICK_CAPACITY = 8;
/** Rooms that are tried, and rooms in the making that are waited for, before one is made in any case. */
const QUICK_TRIES = 5;
/** Failures of one room or runner after which another may do. */
const TRY_ANOTHER_ROOM: readonly string[] = [
  'room_full',
  'room_closed',
  'room_not_found',
  'backend_unavailable',
  'draining',
];
/** Failures of a making that whoever waited for it would meet too. */
const NOBODY_MAKES_A_ROOM: readonly string[] = ['no_room_runner', 'overloaded', 'draining'];
/** When a request is worth repeating of which it is not known yet whether it was done. */
const RETRY_UNKNOWN_MS = 1_000;

/** A request that may be a repeated one. */
interface RepeatedRequest {
  readonly user: string;
  readonly requestId: string;
  /** The id of the room that it has led to, as far as is known. */
  readonly find: () => string | undefined;
}

export class Seating {
  readonly #books: RoomBooks;
  readonly #requests: CreateRequests;
  readonly #recovery: Recovery;
  readonly #grants: GrantSource;
  readonly #drain: Drain;
  readonly #unusedSeats: UnusedSeats;
  readonly #creatorRooms: CreatorRooms;
  readonly #placement: Placement;
  readonly #gatherings = new Gatherings();

  constructor(options: SeatingOptions) {
    const { runners, books, requests, recovery, grants, drain } = options;
    this.#books = books;
    this.#requests = requests;
    this.#recovery = recovery;
    this.#grants = grants;
    this.#drain = drain;
    this.#unusedSeats = options.unusedSeats;
    this.#creatorRooms = new CreatorRooms(books, options.maxRoomsPerCreator);
    this.#placement = new Placement(runners, books);
  }

  /** A seat in a room that is made for the user; in the same room again where the request is repeated. */
  async create(asker: Asker, wish: RoomWish): Promise<Offer> {
    const { requestId } = wish;
    const find = (): string | undefined => this.#requests.find(asker.user, requestId);
    if (requestId !== undefined) await this.#outcomeKnown({ user: asker.user, requestId, find });
    const made = find();
    if (made !== undefined) return this.#repeated(asker, made);
    this.#drain.refuseNew();
    this.#refuseWhoNeverComes(asker);
    await this.#releaseOther(asker, undefined);
    return this.#place(asker, wish);
  }

  /**
   * Resolves when it is known whether the request has led to a room, which `find` tells then. Fails with
   * `backend_unavailable` as long as one may be there that nobody has told of: a second one must not come
   * into being.
   */
  async #outcomeKnown({ user, requestId, find }: RepeatedRequest): Promise<void> {
    const recovered =
      find() !== undefined || this.#recovery.recovered || (await this.#recovery.afterWindow());
    const roomId = find();
    if (roomId !== undefined && this.#books.rooms.has(roomId)) return;
    if (this.#isAwaited(user, requestId) || (roomId === undefined && !recovered)) {
      throw new Failure(
        'backend_unavailable',
        'what this request has led to is not known yet: ask again with the same requestId',
        { retryAfterMs: RETRY_UNKNOWN_MS, mayHaveRun: true },
      );
    }
  }

  /** Whether a runner that is away may know of a room or a seat of this request. */
  #isAwaited(user: string, requestId: string): boolean {
    const lost = this.#books.lostSeatOf(user);
    const isOfSeat = lost?.record.request?.requestId === requestId && this.#requests.isAway(lost.front.up);
    return isOfSeat || this.#requests.isAwaited(user, requestId);
  }

  /** The same request again: the same room, never a second. */
  #repeated(asker: Asker, roomId: string, details?: ReserveDetails): Promise<Offer> {
    if (this.#books.rooms.has(roomId)) return this.#enter(asker, roomId, details);
    throw new Failure('room_closed', 'the room that this request made is closed: ask with another requestId');
  }

  /** A seat in this room. Fails with `room_not_found`, or as the room-runner does. */
  enter(asker: Asker, roomId: string): Promise<Offer> {
    return this.#enter(asker, roomId);
  }

  async #enter(asker: Asker, roomId: string, details?: ReserveDetails): Promise<Offer> {
    const entry = this.#books.rooms.get(roomId);
    if (entry === undefined) throw new Failure('room_not_found', 'there is no room of this id');
    const throttled = this.#throttledForNotComing(asker);
    if (throttled !== undefined) return this.#keepHeld(asker, { entry, details, otherwise: throttled });
    await this.#releaseOther(asker, roomId);
    return this.#reserve(asker, entry, details);
  }

  /**
   * A fresh ticket to the seat that the user holds there, and no new seat: the runner looks, as its word that
   * the seat is free again may be under way.
   */
  async #keepHeld(
    asker: Asker,
    {
      entry,
      details,
      otherwise,
    }: { entry: RoomEntry; details?: ReserveDetails | undefined; otherwise: Failure },
  ): Promise<Offer> {
    if (this.#books.seatOf(asker.user)?.record.roomId !== entry.record.roomId) throw otherwise;
    try {
      return await this.#reserve(asker, entry, { ...details, mustHold: true });
    } catch (error) {
      throw error instanceof Failure && error.code === 'seat_expired' ? otherwise : error;
    }
  }

  /**
   * A seat in the fullest room that suits; in one that is made where none does. A request that is repeated
   * gets the same room while its seat is held, and where one was made for it.
   */
  async quick(asker: Asker, wish: QuickWish, asking: Asking): Promise<Offer & { created: boolean }> {
    const { user } = asker;
    const { requestId } = wish;
    if (requestId !== undefined) {
      const find = (): string | undefined => this.#quickRoom(user, requestId)?.roomId;
      await this.#outcomeKnown({ user, requestId, find });
      refuseLapsed(asking);
      const before = this.#quickRoom(user, requestId);
      if (before !== undefined) {
        const { roomId, created } = before;
        return { ...(await this.#repeated(asker, roomId, { request: { requestId, created } })), created };
      }
    }
    this.#refuseWhoNeverComes(asker);
    await this.#releaseOther(asker, undefined);
    return this.#anySeat(asker, wish, asking);
  }

  /** Where a quick request has led to: the room of its seat, or the one that was made for it. */
  #quickRoom(user: string, requestId: string): { roomId: string; created: boolean } | undefined {
    const seat = this.#books.seatOf(user)?.record;
    if (seat?.request?.requestId === requestId) return { roomId: seat.roomId, created: seat.request.created };
    const roomId = this.#requests.find(user, requestId);
    return roomId === undefined ? undefined : { roomId, created: true };
  }

  async #anySeat(asker: Asker, wish: QuickWish, asking: Asking): Promise<Offer & { created: boolean }> {
    const { capacity = QUICK_CAPACITY, attributes = {}, requestId } = wish;
    const tried = new Set<RoomEntry>();
    const room = { title: `${asker.user}'s room`, capacity, attributes };
    const make = (): Promise<Offer> =>
      this.#place(asker, requestId === undefined ? room : { ...room, requestId });
    for (let waits = 0; ; waits += 1) {
      refuseLapsed(asking);
      const found = await this.#inFullest(asker, wish, tried);
      if (found !== undefined) return { ...found, created: false };
      this.#drain.refuseNew();
      const gathering = waits < QUICK_TRIES ? this.#gatherings.join(room) : undefined;
      if (gathering === undefined) return { ...(await this.#gatherings.begin(room, make)), created: true };
      const failure = await gathering;
      if (failure instanceof Failure && !failure.mayHaveRun && NOBODY_MAKES_A_ROOM.includes(failure.code))
        throw failure;
    }
  }

  /** A seat in the fullest room that suits and was not tried yet; `undefined` where there is none. */
  async #inFullest(asker: Asker, wish: QuickWish, tried: Set<RoomEntry>): Promise<Offer | undefined> {
    const { requestId } = wish;
    const details = requestId === undefined ? {} : { request: { requestId, created: false } };
    while (tried.size < QUICK_TRIES) {
      const entry = this.#books.list.suitable(wish, QUICK_TRIES).find((one) => !tried.has(one));
      if (entry === undefined) return undefined;
      tried.add(entry);
      try {
        return await this.#reserve(asker, entry, details);
      } catch (error) {
        if (!(error instanceof Failure) || error.mayHaveRun || !TRY_ANOTHER_ROOM.includes(error.code))
          throw error;
      }
    }
    return undefined;
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
   * Has a room made, and its creator's oldest empty ones closed for it; where the answer is lost, the request
   * is not repeated before it is known what became of it.
   */
  async #place(asker: Asker, wish: RoomWish): Promise<Offer> {
    await this.#creatorRooms.makeWay(asker);
    return this.#placement.place(
      () => ({ ...asker, ...wish, grant: this.#grants.next() }),
      ({ up }) => this.#requests.lost(asker.user, wish.requestId, up),
    );
  }

  async #reserve(asker: Asker, entry: RoomEntry, details: ReserveDetails = {}): Promise<Offer> {
    const { list } = this.#books;
    const { roomId } = entry.record;
    const { front } = entry;
    const { user } = asker;
    if (this.#books.seatOf(user)?.record.roomId !== roomId) list.ask(entry, user);
    try {
      const grant = this.#grants.next();
      return await front.session.call(topics.reqReserveB2f, { ...asker, ...details, roomId, grant });
    } catch (error) {
      if (error instanceof Failure && error.mayHaveRun)
        this.#requests.lost(user, details.request?.requestId, front.up);
      throw error;
    } finally {
      list.answered(entry, user);
    }
  }

  /** Throws `throttled` for who has left reservations unused. */
  #refuseWhoNeverComes(asker: Asker): void {
    const throttled = this.#throttledForNotComing(asker);
    if (throttled !== undefined) throw throttled;
  }

  #throttledForNotComing({ user }: Asker): Failure | undefined {
    const retryAfterMs = this.#unusedSeats.throttledForMs(user);
    if (retryAfterMs === 0) return undefined;
    return new Failure('throttled', `you have left reservations unused: wait ${retryAfterMs} ms`, {
      retryAfterMs,
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

/** Throws where the caller has been told `deadline`: nothing is done any more that only the caller wants. */
export function refuseLapsed({ lapsed }: Asking): void {
  if (lapsed) throw new Failure('deadline', 'the turn of this request came too late');
}
