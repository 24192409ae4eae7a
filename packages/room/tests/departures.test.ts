/**
 * Logins that end while a room-runner, or room-master, is away: no seat and no connection of theirs is left
 * when the links are up again, and nobody else's is touched.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { room } from '@lobby/protocol';
import type { Seat } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import type { Asker } from '../src/index.ts';
import { GRACE_MS, RECOVERY_MS, RoomWorld } from './harness/room-world.ts';

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

/** room-master loses the links to its runners, and does not get them back before `reconnected`. */
async function cutRunners(of = world): Promise<void> {
  for (const { session } of [...of.master.service.runners.fronts.values()])
    session.close('superseded', 'a test');
  await of.clock.settle();
}

describe('a login that ended while the room-runner was away', () => {
  it('by a logout has no seat when the runner is back, and its connection is not in the room', async () => {
    const { members } = await world.roomOf('ana', 'ben');
    await cutRunners();
    await settled(world.gone(world.asker('ana'), 'left'));
    expect(members[0]?.messages(room.synClose)).toEqual([]);
    await world.clock.advance(RECOVERY_MS);
    expect(members[0]?.messages(room.synClose)).toMatchObject([{ code: 'left' }]);
    expect(members[1]?.messages(room.synLeave)).toEqual([{ user: 'ana', reason: 'left' }]);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
    expect(world.books).toEqual(world.rooms);
  });

  it('by a newer one has no connection to the room, and the seat waits for the newer one', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const older = world.asker('ana');
    await cutRunners();
    await settled(world.gone(older, 'logged_in_elsewhere'));
    await world.clock.advance(RECOVERY_MS);
    expect(members[0]?.ended).toMatch(/^logged_in_elsewhere/);
    const way = await settled(world.wayBack(world.loginAgain('ana')));
    expect(way).toMatchObject({ roomId });
  });

  it('does not touch the seat that a newer login has taken meanwhile', async () => {
    const { members } = await world.roomOf('ana');
    const older = world.asker('ana');
    const { roomId } = (await settled(world.page())).rooms[0] as { roomId: string };
    world.loginAgain('ana');
    const { seat } = await settled(world.reserve('ana', roomId));
    const newer = await world.enter(seat);
    await cutRunners();
    await settled(world.gone(older, 'left'));
    await world.clock.advance(RECOVERY_MS);
    expect(newer.ended).toBeUndefined();
    expect(newer.messages(room.synClose)).toEqual([]);
    expect(members[0]?.messages(room.synClose)).toMatchObject([{ code: 'replaced' }]);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
  });

  it('and left its seat to a newer one does not keep the seat for longer when it is told again', async () => {
    const { roomId } = await world.roomOf('ana', 'ben');
    const older = world.asker('ana');
    await settled(world.gone(older, 'logged_in_elsewhere'));
    await world.clock.advance(GRACE_MS - 5_000);
    await settled(world.gone(older, 'logged_in_elsewhere'));
    await cutRunners();
    await world.clock.advance(5_000);
    expect(world.books).toMatchObject([{ roomId, held: 1 }]);
  });

  it('is heard of by a room-master that has just started before its runner has told of the seat', async () => {
    await world.roomOf('ana', 'ben');
    await world.killMaster();
    // Chance lets the runner wait longest, and the lobby not at all.
    world.cluster.random.next = 0.99;
    await world.clock.advance(1);
    await world.startMaster();
    while (world.lobby.session === undefined) await world.clock.advance(10);
    await cutRunners();
    await settled(world.gone(world.asker('ana'), 'kicked'));
    await world.clock.advance(RECOVERY_MS);
    expect(world.books).toMatchObject([{ users: 1, held: 1 }]);
    expect(world.books).toEqual(world.rooms);
  });
});

describe('a login whose end is told after a newer one has the way back to its seat', () => {
  it.each(['logged_in_elsewhere', 'left', 'kicked'])(
    '(%s) has no connection to the room, and the newer ticket is good',
    async (code) => {
      const { roomId, members } = await world.roomOf('ana', 'ben');
      const older = world.asker('ana');
      const way = await settled(world.wayBack(world.loginAgain('ana')));
      await settled(world.gone(older, code));
      if (code === 'left') expect(members[0]?.messages(room.synClose)).toMatchObject([{ code }]);
      else expect(members[0]?.ended).toMatch(new RegExp(`^${code}`));
      await settled(world.gone(older, code));
      expect(members[1]?.messages(room.synLeave)).toEqual([]);
      expect(world.books).toMatchObject([{ roomId, users: 2, held: 2 }]);
      const newer = await world.enter(way as Seat);
      await settled(world.gone(older, code));
      expect(newer.ended).toBeUndefined();
      await settled(newer.call(room.reqChat, { text: 'back' }));
      expect(members[0]?.messages(room.synChat)).toEqual([]);
    },
  );

  it('leaves the seat for the time of grace alone where nobody comes by the newer ticket', async () => {
    await world.roomOf('ana', 'ben');
    const older = world.asker('ana');
    await settled(world.wayBack(world.loginAgain('ana')));
    await settled(world.gone(older, 'logged_in_elsewhere'));
    await world.clock.advance(GRACE_MS - 1_000);
    await settled(world.gone(older, 'logged_in_elsewhere'));
    expect(world.books).toMatchObject([{ held: 2 }]);
    await world.clock.advance(1_000);
    expect(world.books).toMatchObject([{ held: 1 }]);
  });

  it('does not end the connection that has checked in anew by the newer ticket', async () => {
    const { members } = await world.roomOf('ana');
    const older = world.asker('ana');
    const way = (await settled(world.wayBack(world.loginAgain('ana')))) as Seat;
    await settled((members[0] as TestClient).call(room.reqCheckin, { ticket: way.ticket }));
    await settled(world.gone(older, 'left'));
    expect(members[0]?.ended).toBeUndefined();
    expect(members[0]?.messages(room.synClose)).toEqual([]);
  });

  it('has no connection either where the room-runner is away at that moment', async () => {
    const { roomId, members } = await world.roomOf('ana', 'ben');
    const older = world.asker('ana');
    await settled(world.wayBack(world.loginAgain('ana')));
    await cutRunners();
    await settled(world.gone(older, 'logged_in_elsewhere'));
    await world.clock.advance(RECOVERY_MS);
    expect(members[0]?.ended).toMatch(/^logged_in_elsewhere/);
    expect(world.books).toMatchObject([{ roomId, users: 2, held: 2 }]);
  });
});

describe('no seat is left of a login that has ended', () => {
  const USERS = ['ana', 'ben', 'cleo'];
  const fault = fc.record({
    turn: fc.nat(25),
    kind: fc.constantFrom('cut runners' as const, 'restart master' as const),
  });
  const logout = fc.record({ turn: fc.nat(25), code: fc.constantFrom('left', 'kicked') });

  /** What a lobby-runner does: it tells every room-master that comes, until it was heard. */
  function tellEveryMaster(of: RoomWorld, asker: Asker, code: string): void {
    let heardBy: string | undefined;
    const tell = (): void => {
      const boot = of.lobby.session?.peer?.boot;
      if (boot !== undefined && boot !== heardBy)
        of.gone(asker, code).then(
          () => (heardBy = boot),
          () => undefined,
        );
      of.clock.setTimer(100, tell);
    };
    tell();
  }

  it('a second after both links are up, whatever was away when it ended', async () => {
    const logouts = fc.array(logout, { minLength: USERS.length, maxLength: USERS.length });
    const faults = fc.array(fault, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(logouts, faults, async (ends, broken) => {
        const one = await RoomWorld.start({ runners: 2 });
        const clients: TestClient[] = [];
        for (const user of USERS) clients.push(...(await one.roomOf(user)).members);
        const afterTurns = (turns: number, task: () => void): void =>
          one.clock.endOfTurn(() => (turns === 0 ? task() : afterTurns(turns - 1, task)));
        ends.forEach(({ turn, code }, nth) => {
          const asker = one.asker(USERS[nth] as string);
          afterTurns(turn, () => tellEveryMaster(one, asker, code));
        });
        for (const { turn, kind } of broken) {
          afterTurns(turn, () => {
            if (kind === 'cut runners') void cutRunners(one);
            else if (one.master.port.address !== undefined) {
              one.master.node.kill();
              void one.startMaster();
            }
          });
        }
        await one.clock.settle();
        await one.clock.advance(RECOVERY_MS);
        expect(one.held).toBe(0);
        expect(one.master.service.held).toBe(0);
        expect(one.books).toEqual(one.rooms);
      }),
      { numRuns: 80 },
    );
  });
});
