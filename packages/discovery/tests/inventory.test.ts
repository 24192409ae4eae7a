/** What a front holds reaches its back whole, page by page, however often a page fails or the link breaks. */
import { describe, expect, it } from '@jest/globals';
import { Failure, encodedBytes, room, service } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import fc from 'fast-check';
import { Announcement, FrontRegistry, Inventory, Recovery, inPages, takeInventory } from '../src/index.ts';
import { LinkWorld, upOf } from './harness/link-world.ts';

type Page = PayloadOf<typeof room.reqInventoryF2b>;
type Books = Omit<Page, 'last'>;
type Room = Page['rooms'][number];
type Seat = Page['seats'][number];

function roomOf(nth: number): Room {
  const common = { title: 't', capacity: 4, users: 0, held: 0, createdAt: 1, attributes: {} };
  return { ...common, roomId: `r${nth}`, private: false, creator: 'ana' };
}

function seatOf(nth: number): Seat {
  return { user: `user${nth}`, epoch: 1, grant: nth, roomId: `r${nth}`, held: true };
}

function manyOf<T>(count: number, make: (nth: number) => T): T[] {
  return Array.from({ length: count }, (_, nth) => make(nth));
}

/** A front that holds these, and a back that does with every page what `learn` says. */
class InventoryWorld extends LinkWorld {
  readonly rooms: Room[];
  readonly seats: Seat[];
  readonly pages: Page[] = [];
  readonly inventory: Inventory<{ rooms: Room[]; seats: Seat[] }, Books>;
  completed = 0;
  recovery: Recovery | undefined;
  learn: (page: Page) => void | Promise<void> = () => undefined;

  constructor({ rooms, seats }: { rooms: number; seats: number }) {
    super();
    this.rooms = manyOf(rooms, roomOf);
    this.seats = manyOf(seats, seatOf);
    const { link } = this;
    this.inventory = new Inventory({
      link,
      topic: room.reqInventoryF2b,
      held: () => ({ rooms: [...this.rooms], seats: [...this.seats] }),
      describe: (some): Books => ({ ...some, closed: [] }),
      log: silentLog,
    });
    new Announcement({
      link,
      say: service.synLobbyRunnerUp,
      hear: service.synLobbyMasterUp,
      payload: () => upOf(this.front),
      heard: (child) => this.inventory.tell(child),
    });
  }

  /** A back with no memory. */
  openEmptyBack(): Promise<void> {
    this.pages.length = 0;
    this.completed = 0;
    return this.openBack((port, back) => {
      const recovery = new Recovery({ port, clock: this.clock, held: () => ({}) });
      this.recovery = recovery;
      new FrontRegistry({
        port,
        recovery,
        hear: service.synLobbyRunnerUp,
        say: service.synLobbyMasterUp,
        payload: () => upOf(back),
        arrived: (front) =>
          takeInventory(front, {
            topic: room.reqInventoryF2b,
            recovery,
            learn: async (page) => {
              await this.learn(page);
              this.pages.push(page);
            },
            complete: () => void (this.completed += 1),
          }),
      });
    });
  }
}

describe('pages', () => {
  it('A2: hold everything once and in order, within their bytes; only the last of them says that it is', () => {
    const lists = fc.record({
      a: fc.array(fc.nat(), { maxLength: 40, size: 'max' }),
      b: fc.array(fc.string(), { maxLength: 40, size: 'max' }),
    });
    const limits = fc.record({
      most: fc.integer({ min: 1, max: 9 }),
      maxBytes: fc.integer({ min: 1, max: 200 }),
    });
    const describe = (some: { a: number[]; b: string[] }) => some;
    fc.assert(
      fc.property(lists, limits, (things, { most, maxBytes }) => {
        const pages = [...inPages(things, { describe, most, maxBytes })];
        expect(pages.flatMap(({ page }) => page.a)).toEqual(things.a);
        expect(pages.flatMap(({ page }) => page.b)).toEqual(things.b);
        expect(pages.map(({ last }) => last)).toEqual(pages.map((_, nth) => nth === pages.length - 1));
        for (const { page } of pages) {
          const longest = Math.max(page.a.length, page.b.length);
          expect(longest).toBeLessThanOrEqual(most);
          if (longest > 1) expect(encodedBytes(page)).toBeLessThanOrEqual(maxBytes);
        }
      }),
    );
  });

  it('are one where there is nothing, and no more than the longest list needs', () => {
    const paging = { describe: (some: { a: number[]; b: number[] }) => some };
    expect([...inPages({ a: [], b: [] }, paging)]).toEqual([{ page: { a: [], b: [] }, last: true }]);
    const all = [...inPages({ a: manyOf(1_000, (nth) => nth), b: manyOf(700, (nth) => nth) }, paging)];
    expect(all.map(({ page }) => [page.a.length, page.b.length])).toEqual([
      [500, 500],
      [500, 200],
    ]);
  });
});

describe('an inventory', () => {
  it('A1: that ends its link each time makes the pauses grow; one that is taken ends that', async () => {
    const world = new InventoryWorld({ rooms: 1, seats: 0 });
    const attempts: number[] = [];
    world.link.onUp((session) => {
      attempts.push(world.clock.now());
      return world.link.pulse.asChild({ session });
    });
    world.learn = () => world.breakLink();
    await world.openEmptyBack();
    await world.up();
    await world.clock.advance(60_000);
    // At most 2 s between two of them, 1 s on the average; with pauses that begin anew it is a thousand.
    expect(attempts.length).toBeGreaterThan(20);
    expect(attempts.length).toBeLessThan(150);
    world.learn = () => undefined;
    await world.clock.advance(2_000);
    expect(world.inventory.reasons).toEqual([]);
    await world.breakLink();
    const before = attempts.length;
    await world.clock.advance(50);
    expect(attempts.length).toBe(before + 1);
  });

  it('reaches the back exactly as held, whatever pages fail and whenever the link breaks', async () => {
    const faults = fc.array(fc.constantFrom('taken', 'failed', 'broken'), { maxLength: 8 });
    const sizes = fc.constantFrom(0, 1, 499, 500, 501, 1_200);
    await fc.assert(
      fc.asyncProperty(sizes, sizes, faults, async (rooms, seats, weather) => {
        const world = new InventoryWorld({ rooms, seats });
        const left = [...weather];
        world.learn = async () => {
          const fault = left.shift() ?? 'taken';
          if (fault === 'broken') await world.breakLink();
          if (fault !== 'taken') throw new Failure('overloaded', 'a test');
        };
        await world.openEmptyBack();
        await world.up();
        await world.clock.advance(30_000);
        // What was taken before a fault is told again: the whole is what follows the last page that began
        // anew.
        const pages = Math.max(1, Math.ceil(Math.max(rooms, seats) / 500));
        const whole = world.pages.slice(-pages);
        expect(whole.flatMap((page) => page.rooms)).toEqual(world.rooms);
        expect(whole.flatMap((page) => page.seats)).toEqual(world.seats);
        expect(world.pages.filter(({ last }) => last)).toHaveLength(world.completed);
        expect(world.recovery?.reasons).toEqual([]);
        expect(world.inventory.reasons).toEqual([]);
        await world.cluster.settled(world.link.stop());
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('is told again a second after a page was refused, from the first page on', async () => {
    const world = new InventoryWorld({ rooms: 600, seats: 0 });
    const asked: { readonly at: number; readonly rooms: number }[] = [];
    world.learn = ({ rooms }) => {
      asked.push({ at: world.clock.now(), rooms: rooms.length });
      if (asked.length === 2) throw new Failure('overloaded', 'a test');
    };
    await world.openEmptyBack();
    await world.up();
    const [begun = 0] = asked.map(({ at }) => at);
    expect(world.inventory.reasons).toEqual(['lobby-master has not taken the inventory yet']);
    await world.clock.advance(5_000);
    expect(asked.map(({ at, rooms }) => [at - begun, rooms])).toEqual([
      [0, 500],
      [0, 100],
      [1_000, 500],
      [1_000, 100],
    ]);
    expect(world.completed).toBe(1);
  });

  it('says in each page how things are when the page is sent, not when the telling began', async () => {
    const world = new InventoryWorld({ rooms: 501, seats: 0 });
    const inventory = new Inventory({
      link: world.link,
      topic: room.reqInventoryF2b,
      held: () => ({ rooms: world.rooms }),
      describe: ({ rooms }): Books => ({ rooms: [], closed: rooms.map(({ title }) => title), seats: [] }),
      log: silentLog,
    });
    world.learn = () => {
      for (const one of world.rooms) (one as { title: string }).title = 'later';
    };
    await world.openEmptyBack();
    await world.up();
    world.pages.length = 0;
    for (const one of world.rooms) (one as { title: string }).title = 'now';
    const { session } = world.link;
    if (session === undefined) throw new Error('the link is not up');
    await world.cluster.settled(inventory.tell(world.link.pulse.asChild({ session })));
    expect(world.pages.map(({ closed }) => [...new Set(closed)])).toEqual([['now'], ['later']]);
  });

  it('is told to every new back, and is due as long as the back has not taken it', async () => {
    const world = new InventoryWorld({ rooms: 3, seats: 2 });
    await world.openEmptyBack();
    await world.up();
    expect(world.inventory.reasons).toEqual([]);
    world.back.kill();
    await world.clock.settle();
    expect(world.inventory.reasons).toEqual(['lobby-master has not taken the inventory yet']);
    await world.openEmptyBack();
    await world.reconnected();
    expect(world.pages).toMatchObject([{ rooms: world.rooms, seats: world.seats, last: true }]);
    expect(world.inventory.reasons).toEqual([]);
  });
});
