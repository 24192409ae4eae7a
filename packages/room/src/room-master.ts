/**
 * The back that knows which room is where and who has a seat. It learns from the room-runners and answers the
 * lobby-runners; how a user gets a seat is `Seating`'s. The rooms themselves are their runners': what is here
 * is what they reported, and comes back from them when it was lost.
 *
 * Invariant: what is asked about one user is done one after the other.
 */
import { Clearance, Drain, FrontRegistry, Recovery, distrust, takeInventory } from '@lobby/discovery';
import type { Front, Part, ServiceUp } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, MAX_INCARNATION, MAX_NUMBER, room as topics, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ServiceIdentity } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { Asking, Log, ServerPulse } from '@lobby/pulse';
import type { PlacedRoomRow } from './admin-rows.ts';
import { CreateRequests } from './create-requests.ts';
import { Evictions } from './evictions.ts';
import { GrantSource } from './grant-source.ts';
import { RoomBooks } from './room-books.ts';
import type { SeatEntry } from './room-books.ts';
import type { Asker } from './seat.ts';
import { Seating, refuseLapsed } from './seating.ts';
import { UnusedSeats } from './unused-seats.ts';

export interface RoomMasterOptions {
  /** The service port. */
  readonly port: ServerPulse;
  readonly clock: Clock;
  readonly identity: ServiceIdentity;
  readonly version: string;
  /** When it has begun, no room is made any more. */
  readonly drain?: Drain;
  /** Milliseconds in which room-runners come back after a start; see `Recovery`. */
  readonly recoveryMs?: number;
  /** Rooms of one creator in which nobody else holds a seat; one more closes the oldest that is empty. */
  readonly maxRoomsPerCreator?: number;
  readonly log?: Log;
}

type Told = PayloadOf<typeof topics.synChangesF2b>;

export class RoomMaster {
  /** The room-runners, by session. */
  readonly runners: FrontRegistry;
  /** The lobby-runners, by session. */
  readonly lobbies: FrontRegistry;
  readonly #options: RoomMasterOptions;
  readonly #log: Log;
  readonly #drain: Drain;
  readonly #recovery: Recovery;
  readonly #books: RoomBooks;
  readonly #clearance: Clearance;
  readonly #grants = new GrantSource();
  readonly #requests: CreateRequests;
  readonly #evictions: Evictions;
  readonly #unusedSeats: UnusedSeats;
  readonly #seating: Seating;
  #disputed = 0;

  constructor(options: RoomMasterOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#drain = options.drain ?? new Drain();
    const { port, clock } = options;
    this.#requests = new CreateRequests({ clock, isReporting: (up) => this.#isReporting(up) });
    this.#evictions = new Evictions({ clock, log: this.#log });
    this.#unusedSeats = new UnusedSeats(clock);
    this.#books = new RoomBooks({
      arrived: ({ record, front }) => this.#requests.learn(record, front.up),
      closed: (record) => this.#requests.closed(record),
      seated: (seat) => void this.#evictions.seated(seat),
      loser: (seat) => void this.#evictions.olderOfTwo(seat),
      lost: (seat) => this.#seatLost(seat),
      came: (user) => this.#unusedSeats.came(user),
      unused: (user) => this.#unusedSeats.note(user),
    });
    this.#clearance = new Clearance(clock);
    this.#recovery = new Recovery({
      port,
      clock,
      windowMs: options.recoveryMs,
      held: (front) => ({ ...this.#books.loadOf(front) }),
    });
    const common = { port, say: service.synRoomMasterUp, payload: () => this.#up(), log: this.#log };
    this.runners = new FrontRegistry({
      ...common,
      hear: service.synRoomRunnerUp,
      recovery: this.#recovery,
      arrived: (front) => {
        if (this.#follow(front)) this.#serveRunner(front);
      },
      left: (front) => this.#runnerLeft(front),
    });
    this.#seating = new Seating({
      runners: this.runners,
      books: this.#books,
      requests: this.#requests,
      recovery: this.#recovery,
      grants: this.#grants,
      drain: this.#drain,
      unusedSeats: this.#unusedSeats,
      maxRoomsPerCreator: options.maxRoomsPerCreator ?? 3,
    });
    this.lobbies = new FrontRegistry({
      ...common,
      hear: service.synLobbyRunnerUp,
      arrived: (front) => {
        if (this.#follow(front)) this.#serveLobby(front);
      },
    });
    this.#drain.onBegin(() => this.#sayNow());
  }

  get size(): number {
    return this.#books.rooms.size;
  }

  /** Seats taken or reserved, over all rooms. */
  get held(): number {
    return this.#books.seats.size;
  }

  /** Rooms that a runner told of although another one holds them, each time that it did. */
  get disputed(): number {
    return this.#disputed;
  }

  /** No seat has been granted by a larger number; see `GrantSource`. */
  get lastGrant(): number {
    return this.#grants.last;
  }

  /** The books, to be looked at. */
  get books(): Pick<RoomBooks, 'rooms' | 'seats'> {
    return this.#books;
  }

  /** Every room of the cluster. */
  listing(): { readonly total: number; readonly items: Iterable<PlacedRoomRow> } {
    return { total: this.size, items: this.#rows() };
  }

  *#rows(): IterableIterator<PlacedRoomRow> {
    for (const { record, front } of this.#books.rooms.values()) {
      const { requestId: _, ...shown } = record;
      yield { ...shown, front: front.up.node };
    }
  }

  /** For a host: it needs no start, and after its stop no timer is left. */
  readonly part: Part = {
    name: 'room-master',
    start: () => Promise.resolve(),
    stop: () => {
      this.#requests.clear();
      this.#evictions.clear();
      this.#unusedSeats.clear();
      this.#clearance.clear();
    },
  };

  #up(): ServiceUp {
    const { identity, version } = this.#options;
    return {
      ...identity,
      service: 'room-master',
      version,
      load: { rooms: this.size, seats: this.held },
      draining: this.#drain.draining,
      master: { boot: identity.boot, incarnation: this.#grants.incarnation },
    };
  }

  #sayNow(): void {
    for (const fronts of [this.runners, this.lobbies]) fronts.sayNow();
  }

  /**
   * The front may have known another room-master before this one: every grant from now on is newer than all
   * of that one's. Tells whether the front is believed.
   */
  #follow(front: Front): boolean {
    const { master } = front.up;
    if (master === undefined || master.boot === this.#options.identity.boot) return true;
    if (master.incarnation > MAX_INCARNATION) {
      distrust(front, this.#log, { incarnation: master.incarnation });
      return false;
    }
    // The number must be known to every front before it stands in a grant.
    if (this.#grants.follow(master.incarnation)) this.#sayNow();
    return true;
  }

  #serveRunner(front: Front): void {
    this.#requests.arrived(front.up);
    const learn = (books: Told): void => {
      const seat = books.seats.find(({ grant, epoch }) => !this.#grants.canBe(grant) || !canBe(epoch));
      if (seat !== undefined) return distrust(front, this.#log, { seat });
      for (const { grant } of books.seats) this.#grants.seen(grant);
      this.#books.apply(front, this.#withoutForeign(front, books));
    };
    front.pulse.sub(topics.synChangesF2b, (_, books) => learn(books));
    takeInventory(front, {
      topic: topics.reqInventoryF2b,
      recovery: this.#recovery,
      learn,
      complete: () => {
        this.#requests.reported(front.up);
        this.#log.info({ front: front.up.node, rooms: this.size }, 'front has told which rooms it holds');
      },
    });
  }

  /**
   * What a runner tells, but for rooms that another one holds: one of the two does not hold them, and nobody
   * can say which. So each keeps what it told first, and all else that it tells.
   */
  #withoutForeign(front: Front, books: Told): Told {
    const foreign = this.#books.foreignRooms(front, books);
    if (foreign === undefined) return books;
    this.#disputed += foreign.size;
    const [[room, holder] = []] = foreign;
    this.#log.error(
      { front: front.up.node, holder: holder?.up.node, room, count: foreign.size },
      'a front told of rooms that another front holds, they are left out',
    );
    return {
      rooms: books.rooms.filter(({ roomId }) => !foreign.has(roomId)),
      closed: books.closed.filter((roomId) => !foreign.has(roomId)),
      seats: books.seats.filter(({ roomId }) => !foreign.has(roomId)),
    };
  }

  /** Rooms and seats of a runner are in the books no more; it may be back with them in a moment. */
  #runnerLeft(front: Front): void {
    this.#requests.left(front.up);
    this.#clearance.add(this.#books.removeFront(front));
  }

  /** What a runner that is away held is cleared away: the requests of its seats are not. */
  #seatLost({ record: { user, request }, front: { up } }: SeatEntry): void {
    if (this.#requests.isAway(up)) this.#requests.lost(user, request?.requestId, up);
  }

  #isReporting({ boot }: ServiceUp): boolean {
    return [...this.runners.fronts.values()].some(
      (front) => front.up.boot === boot && !this.#recovery.hasReported(front),
    );
  }

  #serveLobby(front: Front): void {
    front.pulse
      .answer(topics.reqPageF2b, (_, request) => this.#books.list.page(request))
      .answer(topics.reqCreateF2b, (_, { user, epoch, ...wish }, asking) =>
        this.#asked({ front, user, epoch, asking }, (asker) => this.#seating.create(asker, wish)),
      )
      .answer(topics.reqReserveF2b, (_, { user, epoch, roomId }, asking) =>
        this.#asked({ front, user, epoch, asking }, (asker) => this.#seating.enter(asker, roomId)),
      )
      .answer(topics.reqQuickF2b, (_, { user, epoch, ...wish }, asking) =>
        this.#asked({ front, user, epoch, asking }, (asker) => this.#seating.quick(asker, wish, asking)),
      )
      .answer(topics.reqSeatF2b, (_, { user, epoch }, asking) =>
        this.#asked({ front, user, epoch, asking }, (asker) => this.#seating.wayBack(asker)),
      )
      .answer(topics.reqGoneF2b, (_, gone) => {
        this.#refuseImpossible(front, gone);
        return this.#onUser(gone.user, () => this.#evictions.loginEnded(gone, this.#books.seatOf(gone.user)));
      });
  }

  /** A seat is asked for: it is given in the user's turn, and not to a caller who waits for it no longer. */
  #asked<T>(
    { front, asking, ...asker }: Asker & { readonly front: Front; readonly asking: Asking },
    task: (asker: Asker) => Promise<T>,
  ): Promise<T> {
    this.#refuseImpossible(front, asker);
    return this.#onUser(asker.user, () => {
      refuseLapsed(asking);
      return task(asker);
    });
  }

  /** A login of a number that can't be would stand above all that are to come. */
  #refuseImpossible(front: Front, { user, epoch }: Asker): void {
    if (canBe(epoch)) return;
    distrust(front, this.#log, { user, epoch });
    throw new Failure('bad_request', 'there is no login of this number');
  }

  #onUser<T>(user: string, task: () => T | Promise<T>): Promise<T> {
    return this.#options.port.onStrand(`user:${userKey(user)}`, task);
  }
}

/** Whether a login can have this number. lobby-master gives it; here only its range is known. */
function canBe(epoch: number): boolean {
  return epoch <= MAX_NUMBER;
}
