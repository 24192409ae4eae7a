/**
 * The back that knows which room is where and who has a seat. It places new rooms, finds rooms for those who look for one, and
 * sees to it that a user has one seat at a time. The rooms themselves are their runners': what is here is what they reported,
 * and comes back from them when it was lost.
 *
 * Invariant: what is asked about one user is done one after the other.
 */
import { Drain, FrontRegistry, Recovery, takeInventory } from '@lobby/discovery';
import type { Front, Part, ServiceUp } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, room, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, ServiceIdentity } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { Log, ServerPulse } from '@lobby/pulse';
import type { PlacedRoomRow } from './admin-rows.ts';
import { CreateRequests } from './create-requests.ts';
import { Evictions } from './evictions.ts';
import { GrantSource } from './grant-source.ts';
import { Placement } from './placement.ts';
import { RoomBooks } from './room-books.ts';
import type { RoomEntry } from './room-books.ts';
import type { RoomRecord, RoomWish } from './room.ts';
import type { Asker } from './seat.ts';

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
  readonly log?: Log;
}

type Offer = ResponseOf<typeof room.reqReserveF2b>;
type QuickWish = Pick<PayloadOf<typeof room.reqQuickF2b>, 'capacity' | 'attributes'>;

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
  readonly #grants = new GrantSource();
  readonly #requests: CreateRequests;
  readonly #evictions: Evictions;
  readonly #placement: Placement;

  constructor(options: RoomMasterOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#drain = options.drain ?? new Drain();
    const { port, clock } = options;
    this.#requests = new CreateRequests({ clock, isReporting: (up) => this.#isReporting(up) });
    this.#evictions = new Evictions({ clock, log: this.#log });
    this.#books = new RoomBooks({
      arrived: (record) => this.#requests.learn(record),
      seated: (seat) => void this.#evictions.seated(seat),
      loser: (seat) => void this.#evictions.olderOfTwo(seat),
    });
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
        this.#follow(front);
        this.#serveRunner(front);
      },
      left: (front) => this.#runnerLeft(front),
    });
    this.#placement = new Placement(this.runners, this.#books);
    this.lobbies = new FrontRegistry({
      ...common,
      hear: service.synLobbyRunnerUp,
      arrived: (front) => {
        this.#follow(front);
        this.#serveLobby(front);
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

  /** The front may have known another room-master before this one: every grant from now on is newer than all of that one's. */
  #follow({ up: { master } }: Front): void {
    if (master === undefined || master.boot === this.#options.identity.boot) return;
    // The number must be known to every front before it stands in a grant.
    if (this.#grants.follow(master.incarnation)) this.#sayNow();
  }

  #serveRunner(front: Front): void {
    this.#requests.arrived(front.up);
    const learn = (books: PayloadOf<typeof room.synChangesF2b>): void => {
      for (const { grant } of books.seats) this.#grants.seen(grant);
      this.#books.apply(front, books);
    };
    front.pulse.sub(room.synChangesF2b, (_, books) => learn(books));
    takeInventory(front, {
      topic: room.reqInventoryF2b,
      recovery: this.#recovery,
      learn,
      complete: () => {
        this.#requests.reported(front.up);
        this.#log.info({ front: front.up.node, rooms: this.size }, 'front has told which rooms it holds');
      },
    });
  }

  /** The rooms of a runner are in the books no more; it may be back with them in a moment. */
  #runnerLeft(front: Front): void {
    for (const { record, front: holder } of this.#books.rooms.values())
      if (holder === front) this.#requests.lost(record.creator, record.requestId, front.up);
    this.#books.removeFront(front);
  }

  #isReporting({ boot }: ServiceUp): boolean {
    return [...this.runners.fronts.values()].some(
      (front) => front.up.boot === boot && !this.#recovery.hasReported(front),
    );
  }

  #serveLobby(front: Front): void {
    front.pulse
      .answer(room.reqPageF2b, (_, request) => this.#books.list.page(request))
      .answer(room.reqCreateF2b, (_, { user, epoch, ...wish }) =>
        this.#onUser(user, () => this.#create({ user, epoch }, wish)),
      )
      .answer(room.reqReserveF2b, (_, { user, epoch, roomId }) =>
        this.#onUser(user, () => this.#enter({ user, epoch }, roomId)),
      )
      .answer(room.reqQuickF2b, (_, { user, epoch, ...wish }) =>
        this.#onUser(user, () => this.#quick({ user, epoch }, wish)),
      )
      .answer(room.reqSeatF2b, (_, asker) => this.#onUser(asker.user, () => this.#wayBack(asker)))
      .answer(room.reqGoneF2b, (_, gone) =>
        this.#onUser(gone.user, async () => {
          await this.#evictions.loginEnded(gone, this.#books.seatOf(gone.user));
          return {};
        }),
      );
  }

  async #create(asker: Asker, wish: RoomWish): Promise<Offer> {
    if (wish.requestId !== undefined) await this.#outcomeKnown(asker.user, wish.requestId);
    const made = this.#requests.find(asker.user, wish.requestId);
    if (made !== undefined) return this.#repeated(asker, made);
    this.#drain.refuseNew();
    await this.#releaseOther(asker, undefined);
    return this.#place(asker, wish);
  }

  /**
   * Resolves when it is known whether the request has made a room. Fails with `backend_unavailable` as long as one may be there that
   * nobody has told of: a second one must not come into being.
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
    if (this.#books.rooms.has(roomId)) return this.#enter(asker, roomId);
    throw new Failure(
      'room_closed',
      'the room that this request made is closed: create with another requestId',
    );
  }

  async #enter(asker: Asker, roomId: string): Promise<Offer> {
    const entry = this.#books.rooms.get(roomId);
    if (entry === undefined) throw new Failure('room_not_found', 'there is no room of this id');
    await this.#releaseOther(asker, roomId);
    return this.#reserve(asker, entry);
  }

  async #quick(asker: Asker, wish: QuickWish): Promise<Offer & { created: boolean }> {
    await this.#releaseOther(asker, undefined);
    for (const entry of this.#suitable(wish)) {
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

  /** The oldest rooms that suit, as many as are tried. What is tried changes the list, so they are picked first. */
  #suitable(wish: QuickWish): RoomEntry[] {
    const found: RoomEntry[] = [];
    for (const entry of this.#books.list) {
      if (entry.front.up.draining || !suits(entry.record, wish)) continue;
      if (found.push(entry) === QUICK_TRIES) break;
    }
    return found;
  }

  /** A fresh ticket to the seat that the user still holds, if there is one. */
  async #wayBack(asker: Asker): Promise<ResponseOf<typeof room.reqSeatF2b>> {
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

  /** Has a room made; where the answer is lost, the request is not repeated before it is known what became of it. */
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
    return front.session.call(room.reqReserveB2f, { ...asker, ...only, roomId, grant: this.#grants.next() });
  }

  /** Frees the user's seat in any room but this one. Fails with `already_in_room` where the user is checked in there. */
  async #releaseOther({ user, epoch }: Asker, roomId: string | undefined): Promise<void> {
    const held = this.#books.seatOf(user);
    if (held === undefined || held.record.roomId === roomId) return;
    await held.front.session.call(room.reqReleaseB2f, { user, epoch, roomId: held.record.roomId });
  }

  #onUser<T>(user: string, task: () => T | Promise<T>): Promise<T> {
    return this.#options.port.onStrand(`user:${userKey(user)}`, task);
  }
}

function suits(record: RoomRecord, { capacity, attributes = {} }: QuickWish): boolean {
  if (record.held >= record.capacity || (capacity !== undefined && record.capacity !== capacity))
    return false;
  return Object.entries(attributes).every(([key, value]) => record.attributes[key] === value);
}
