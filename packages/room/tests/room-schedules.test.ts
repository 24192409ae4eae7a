/**
 * Any interleaving of what users, operators and faults do to rooms: when everything has come to rest, the
 * master's books are what the runners hold, a user has one seat at most, and every member heard the chat in
 * one order without a gap.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TestClient } from '@lobby/discovery/testing';
import { room } from '@lobby/protocol';
import type { Seat } from '@lobby/protocol';
import { RECOVERY_MS, RoomWorld } from './harness/room-world.ts';

const USERS = ['ana', 'ben', 'cleo'];
const RUNNERS = 2;
const CAPACITY = 2;
/** Reserving over room-master takes about 15 turns: an act may fall between any two of its steps. */
const TURNS = 20;

type Act =
  | { readonly kind: UserAct; readonly user: string }
  | { readonly kind: 'reserve'; readonly user: string; readonly nth: number }
  | { readonly kind: 'close' | 'break link'; readonly nth: number }
  | { readonly kind: 'restart master' };
type UserAct = 'create' | 'quick' | 'enter' | 'chat' | 'leave' | 'drop' | 'log out' | 'log in elsewhere';

interface Step {
  /** How many turns of the event loop after the beginning of its batch. */
  readonly turn: number;
  readonly act: Act;
}

const user = fc.constantFrom(...USERS);
const nth = fc.nat(3);
const userActs: readonly UserAct[] = [
  'create',
  'quick',
  'enter',
  'enter',
  'chat',
  'leave',
  'drop',
  'log out',
  'log in elsewhere',
];
const ordinary: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom(...userActs), user }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve' as const), user, nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), nth }) },
);
const fault: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('break link' as const), nth: fc.nat(RUNNERS - 1) }),
  fc.record({ kind: fc.constant('restart master' as const) }),
);

function batches(act: fc.Arbitrary<Act>): fc.Arbitrary<Step[][]> {
  const step = fc.record({ turn: fc.nat(TURNS), act });
  const batch = fc.array(step, { minLength: 1, maxLength: 10, size: 'max' });
  return fc.array(batch, { minLength: 2, maxLength: 4, size: 'max' });
}

class Schedule {
  readonly #world: RoomWorld;
  /** One connection to each runner for each user. */
  readonly #clients = new Map<string, TestClient>();
  readonly #seats = new Map<string, Seat>();
  readonly #heard: TestClient[] = [];

  private constructor(world: RoomWorld) {
    this.#world = world;
  }

  static async run(steps: readonly Step[][]): Promise<void> {
    const schedule = new Schedule(await RoomWorld.start({ runners: RUNNERS }));
    for (const batch of steps) await schedule.#batch(batch);
  }

  async #batch(batch: readonly Step[]): Promise<void> {
    for (const name of USERS) {
      for (const { address } of this.#world.runners) {
        const key = `${name} at ${address.host}`;
        if (this.#clients.get(key)?.ended === undefined && this.#clients.has(key)) continue;
        const client = await this.#world.client(address);
        this.#clients.set(key, client);
        this.#heard.push(client);
      }
    }
    for (const { turn, act } of batch) this.#afterTurns(turn, () => this.#act(act));
    await this.#world.clock.settle();
    await this.#world.clock.advance(RECOVERY_MS);
    this.#check();
  }

  #afterTurns(turns: number, task: () => void): void {
    this.#world.clock.endOfTurn(() => (turns === 0 ? task() : this.#afterTurns(turns - 1, task)));
  }

  #act(act: Act): void {
    if ('user' in act) {
      this.#userActs(act).catch(() => undefined);
    } else if (act.kind === 'restart master') {
      // One that is just being started is let be.
      if (this.#world.master.port.address === undefined) return;
      this.#world.master.node.kill();
      void this.#world.startMaster();
    } else if (act.kind === 'break link') {
      const { node } = this.#world.runner(act.nth).node.identity;
      for (const { session, up } of this.#world.master.service.runners.fronts.values())
        if (up.node === node) session.close('superseded', 'a test');
    } else {
      for (const { service } of this.#world.runners) service.close(this.#roomId(act.nth));
    }
  }

  /** The id of the n-th room of all that there are, from 0. */
  #roomId(index: number): string {
    const rooms = this.#world.rooms as { readonly roomId: string }[];
    return rooms[index % Math.max(1, rooms.length)]?.roomId ?? 'none';
  }

  async #userActs(act: Extract<Act, { readonly user: string }>): Promise<void> {
    const world = this.#world;
    const name = act.user;
    const keep = (seat: Seat | undefined): void => {
      if (seat !== undefined) this.#seats.set(name, seat);
    };
    const seat = this.#seats.get(name);
    const client = this.#clients.get(`${name} at ${seat?.host}`);
    if (act.kind === 'create') keep((await world.create(name, { capacity: CAPACITY })).seat);
    else if (act.kind === 'quick') keep((await world.quick(name, { capacity: CAPACITY })).seat);
    else if (act.kind === 'reserve') keep((await world.reserve(name, this.#roomId(act.nth))).seat);
    else if (act.kind === 'log out') await world.gone(world.asker(name), 'left');
    else if (act.kind === 'log in elsewhere') {
      const older = world.asker(name);
      const newer = world.loginAgain(name);
      await world.gone(older, 'logged_in_elsewhere');
      keep(await world.wayBack(newer));
    } else if (client === undefined || client.ended !== undefined) return;
    else if (act.kind === 'drop') client.drop();
    else if (act.kind === 'enter') await client.call(room.reqCheckin, { ticket: seat?.ticket ?? 'none' });
    else if (act.kind === 'chat') await client.call(room.reqChat, { text: 'hi' });
    else await client.call(room.reqLeave, {});
  }

  #check(): void {
    const { books, rooms, held, master } = this.#world;
    expect(books).toEqual(rooms);
    // As many users in the books as seats at the runners: no user has two.
    expect(master.service.held).toBe(held);
    for (const { held: taken } of rooms as { readonly held: number }[])
      expect(taken).toBeLessThanOrEqual(CAPACITY);
    const members = this.#world.runners.flatMap(({ service }) =>
      [...service.listing().items].flatMap((row) => row.members),
    );
    expect(members).toEqual([...new Set(members)]);
    for (const client of this.#heard) expectWholeChats(client);
  }
}

/**
 * Between one check-in and the end of that place, chats are numbered one after the other; there are none
 * elsewhere.
 */
function expectWholeChats(client: TestClient): void {
  let last: number | undefined;
  let isIn = false;
  for (const { topic, payload } of client.heard) {
    const said = payload as { readonly code?: string; readonly id?: number };
    if (topic === room.reqCheckin.reply.name && said.code === undefined) {
      isIn = true;
      last = undefined;
    } else if (
      topic === room.synClose.name ||
      (topic === room.reqLeave.reply.name && said.code === undefined)
    ) {
      isIn = false;
    } else if (topic === room.synChat.name) {
      expect(isIn).toBe(true);
      expect(said.id).toBe(last === undefined ? said.id : last + 1);
      last = said.id;
    }
  }
}

describe('rooms at rest', () => {
  it('are in the books as their runners hold them, whatever was done in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(batches(ordinary), (steps) => Schedule.run(steps)),
      { numRuns: 60 },
    );
  });

  it('are so also after links were lost and masters were restarted in between', async () => {
    const act = fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 1, arbitrary: fault });
    await fc.assert(
      fc.asyncProperty(batches(act), (steps) => Schedule.run(steps)),
      { numRuns: 250 },
    );
  });
});
