/**
 * Somebody who looks at all rooms, page by page, a hundred at a time, and many pages at once; and who reads
 * slowly, but does read. Nobody may cut such a client (I25), and by the cursors of the pages it must see
 * every room that is there all the while, each once (I27).
 */
import { CallFailure } from '@lobby/call';
import type { Chance } from '@lobby/players';
import { auth, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { RoomEntry, RoomMaster } from '@lobby/room';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';
import { CROWD_ATTRIBUTES, CROWD_CAPACITY, CROWD_TITLE } from './room-crowd.ts';

const PAUSE_MS = 1_500;
const PAGE_PAUSE_MS = 120;
/** A walk is over by then, or goes round in circles. */
const MOST_PAGES = 2_000;
const MOST_AT_ONCE = 12;
/** As long as a cursor may be, and none. */
const NO_CURSOR = 'A'.repeat(512);

/** How a page may fail: the servers are away. */
const EXCUSES: readonly string[] = [
  'backend_unavailable',
  'throttled',
  'deadline',
  'draining',
  'unauthenticated',
];
/** Time in which a link has carried all that a fault has left on it. */
const EASY_MS = 3_000;
/** How a client ends that does what it may not. */
const CUTS: readonly string[] = [
  'slow_reader',
  'bad_frame',
  'bad_request',
  'flood',
  'frame_timeout',
  'internal',
];

type Query = PayloadOf<typeof room.reqPage>;
type Page = ResponseOf<typeof room.reqPage>;

/** A walk through the rooms that a query finds. */
interface Walk {
  readonly query: Query;
  /** Whether the query finds this room, whatever happens to it while it is there. */
  readonly finds: (entry: RoomEntry) => boolean;
}

const isOfCrowd = ({ record }: RoomEntry): boolean => record.attributes['kind'] === CROWD_ATTRIBUTES.kind;

const WALKS: readonly Walk[] = [
  { query: {}, finds: () => true },
  { query: { attributes: CROWD_ATTRIBUTES }, finds: isOfCrowd },
  { query: { title: CROWD_TITLE }, finds: ({ record }) => record.title.includes(CROWD_TITLE) },
  {
    query: { open: true },
    finds: ({ record, front }) =>
      record.capacity === CROWD_CAPACITY && record.held < CROWD_CAPACITY && !front.up.draining,
  },
];

export class Reader {
  readonly process: SimProcess;
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Chance;
  #connection: BotConnection | undefined;
  #logins = 0;
  #acting = false;
  #resting = true;

  constructor(world: World, cluster: Cluster, { name }: { readonly name: string }) {
    this.process = world.process(name);
    this.#world = world;
    this.#cluster = cluster;
    this.#random = this.process.random.fork('acts');
    const readBytesPerMs = this.#random.pick([Infinity, 200, 60]);
    for (const front of LOBBY_FRONTS) world.links.way(front, name).readBytesPerMs = readBytesPerMs;
    world.history.follow(({ bot, what, link }) => {
      if (bot !== name || what !== 'ended') return;
      const { cutAs = '' } = world.history.connection(link);
      if (CUTS.includes(cutAs))
        world.report('I25', `${name}, who reads and asks what it may, was cut as ${cutAs}`);
    });
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    if (!this.#resting) return;
    this.#resting = false;
    if (!this.#acting) this.#later();
  }

  rest(): void {
    this.#resting = true;
  }

  #later(): void {
    this.process.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (this.#resting || this.#acting) return;
      this.#acting = true;
      void this.#act().then(() => {
        this.#acting = false;
        if (!this.#resting) this.#later();
      });
    });
  }

  async #act(): Promise<void> {
    try {
      const connection = await this.#connected();
      if (connection !== undefined)
        await this.#random.weighted([
          [4, () => this.#walk(connection, this.#random.pick(WALKS))],
          [3, () => this.#many(connection)],
          [1, () => this.#pages(connection)],
          [0.3, () => this.#oddCursor(connection)],
        ])();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (!this.#isExcused(error))
        this.#world.report('I25', `a page failed: ${error.code}: ${error.message}`);
    }
  }

  /**
   * Too much waits for somebody: for this one it must not, as it is read no further where it does not read.
   */
  #isExcused({ code }: CallFailure): boolean {
    return code === 'overloaded' ? !this.#world.calm.for(EASY_MS) : EXCUSES.includes(code);
  }

  /** Logged in; `undefined` where that can't be had now. */
  async #connected(): Promise<BotConnection | undefined> {
    if (this.#connection?.ended === undefined && this.#connection !== undefined) return this.#connection;
    this.#connection = undefined;
    const at = ADDRESSES[this.#random.pick(LOBBY_FRONTS)];
    const connection = await BotConnection.open(this.#world, this.process, at);
    try {
      // Whom the operator puts out comes back as another user.
      this.#logins += 1;
      await connection?.call(auth.reqLogin, { token: tokenOf(`${this.process.name}-${this.#logins}`) });
    } catch (error) {
      connection?.drop();
      throw error;
    }
    this.#connection = connection;
    return connection;
  }

  async #page(connection: BotConnection, query: Query): Promise<Page> {
    return connection.call(room.reqPage, query);
  }

  /** Page after page, each from where the last one ended. */
  async #walk(connection: BotConnection, { query, finds }: Walk): Promise<void> {
    const pageSize = this.#random.pick([100, 100, 20, 7]);
    const before = this.#listed(finds);
    const seen = new Set<string>();
    let after: string | undefined;
    for (let pages = 1; ; pages += 1) {
      const { rooms, next } = await this.#page(connection, {
        ...query,
        pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const { roomId } of rooms) {
        if (seen.has(roomId)) return this.#world.report('I27', `room ${roomId} is on two pages of one walk`);
        seen.add(roomId);
      }
      if (next === undefined) break;
      if (pages === MOST_PAGES) return this.#world.report('I27', `after ${pages} pages there is one more`);
      after = next;
      await this.#pause(PAGE_PAUSE_MS);
    }
    const missed = this.#stillListed(before, finds).find(({ record }) => !seen.has(record.roomId));
    if (missed !== undefined)
      this.#world.report(
        'I27',
        `room ${missed.record.roomId} was there all the while, and on no page of ${JSON.stringify(query)}`,
      );
  }

  /** Large pages, all asked for in one breath. */
  async #many(connection: BotConnection): Promise<void> {
    const count = this.#random.integer(2, MOST_AT_ONCE);
    const pages = Array.from({ length: count }, (_, nth) =>
      this.#page(connection, { page: nth + 1, pageSize: 100 }),
    );
    await Promise.allSettled(pages);
    await Promise.all(pages);
  }

  /** Pages one after another, asked for faster than they are read. */
  async #pages(connection: BotConnection): Promise<void> {
    const pages: Promise<Page>[] = [];
    for (let nth = 1; nth <= MOST_AT_ONCE && connection.ended === undefined; nth += 1) {
      pages.push(this.#page(connection, { page: nth, pageSize: 100 }));
      await this.#pause(PAGE_PAUSE_MS);
    }
    await Promise.allSettled(pages);
    await Promise.all(pages);
  }

  /** What is no cursor is refused, however long it is. */
  async #oddCursor(connection: BotConnection): Promise<void> {
    try {
      await this.#page(connection, { after: NO_CURSOR });
      this.#world.report('I27', 'a page goes on from what is no cursor');
    } catch (error) {
      if (!(error instanceof CallFailure) || error.code !== 'bad_request') throw error;
    }
  }

  get #master(): RoomMaster | undefined {
    return this.#cluster.app('room-master')?.services.roomMaster;
  }

  /** The rooms that must be found, as room-master has them now. */
  #listed(finds: Walk['finds']): ReadonlySet<RoomEntry> {
    const rooms = [...(this.#master?.books.rooms.values() ?? [])];
    return new Set(rooms.filter((entry) => !entry.record.private && finds(entry)));
  }

  /** Those of them that are there still: a room that was away meanwhile is another entry. */
  #stillListed(before: ReadonlySet<RoomEntry>, finds: Walk['finds']): RoomEntry[] {
    return [...this.#listed(finds)].filter((entry) => before.has(entry));
  }

  #pause(mostMs: number): Promise<void> {
    const ms = this.#random.between(0, mostMs);
    return new Promise((resolve) => void this.process.clock.setTimer(ms, resolve));
  }
}
