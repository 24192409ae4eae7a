/** Creating with a requestId, asked again after whatever has failed: one room comes of it, never two. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Recovery } from '@lobby/discovery';
import { Failure } from '@lobby/protocol';
import { established } from '@lobby/pulse';
import { RECOVERY_MS, RoomWorld } from './harness/room-world.ts';
import type { Offer } from './harness/room-world.ts';

const REQUEST = { requestId: 'q1', capacity: 2 };
const UNKNOWN = { code: 'backend_unavailable', mayHaveRun: true, retryAfterMs: 1_000 };

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

function create(of = world): Promise<Offer> {
  return of.create('ana', REQUEST);
}

async function cutRunners(of = world): Promise<void> {
  for (const { session } of [...of.master.service.runners.fronts.values()])
    session.close('superseded', 'a test');
  await of.clock.settle();
}

/** Rooms at runners that live. */
function roomsOf({ runners }: RoomWorld): number {
  return runners.reduce((sum, { node, service }) => sum + (node.alive ? service.size : 0), 0);
}

/** A create that was passed on to the first runner, whose answer is lost with the link. */
async function createAndCut(): Promise<void> {
  const creating = create();
  creating.catch(() => undefined);
  const cutWhenUnderWay = (): void =>
    world.clock.endOfTurn(() => {
      const fronts = [...world.master.service.runners.fronts.values()];
      if (fronts.some(({ session }) => session.pendingCalls > 0)) void cutRunners();
      else cutWhenUnderWay();
    });
  cutWhenUnderWay();
  await expect(settled(creating)).rejects.toMatchObject({ code: 'backend_unavailable', mayHaveRun: true });
}

describe('a create whose answer is lost with the link to its runner', () => {
  it('is not done anew before the runner has come back, and finds the room then', async () => {
    await createAndCut();
    await expect(settled(create())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(RECOVERY_MS);
    await settled(create());
    expect(roomsOf(world)).toBe(1);
  });

  it('is not done anew on another runner while the first is away', async () => {
    await createAndCut();
    const [first, second] = [world.runner(0), world.runner(1)];
    first.node.kill();
    while (world.master.service.runners.fronts.size === 0) await world.clock.advance(10);
    expect(second.node.alive).toBe(true);
    await expect(settled(create())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(8_000);
    await expect(settled(create())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(2_100);
    await expect(settled(create())).resolves.toMatchObject({ seat: { host: 'rooms-2' } });
  });

  it('keeps no other request waiting', async () => {
    await createAndCut();
    await world.clock.advance(RECOVERY_MS);
    await expect(settled(world.create('ben', REQUEST))).resolves.toBeDefined();
  });
});

describe('a create that was acknowledged', () => {
  it('is not told to be closed while its runner is away for a moment', async () => {
    const { room } = await settled(create());
    await cutRunners();
    await expect(settled(create())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(RECOVERY_MS);
    await expect(settled(create())).resolves.toMatchObject({ room: { roomId: room.roomId } });
  });

  it('is told to be closed when its runner is dead', async () => {
    await settled(create());
    const holder = world.runners.find(({ service }) => service.size === 1);
    holder?.node.kill();
    await world.clock.advance(10_000);
    await expect(settled(create())).rejects.toMatchObject({ code: 'room_closed' });
  });

  it.each([-3_600_000, 3_600_000])(
    'is found by a room-master that came afterwards, the wall clock stepped by %d ms',
    async (stepMs) => {
      const { room } = await settled(create());
      world.clock.stepWall(stepMs);
      await world.restartMaster();
      await expect(settled(create())).resolves.toMatchObject({ room: { roomId: room.roomId } });
    },
  );

  it('is told with its room for a minute', async () => {
    const { seat } = await settled(create());
    await world.enter(seat);
    await world.clock.advance(60_000);
    await world.restartMaster();
    await expect(settled(create())).rejects.toMatchObject({ code: 'already_in_room' });
  });
});

describe('a room-master that has just started', () => {
  it('waits with a request that it does not know until its fronts have told their rooms', async () => {
    const { room } = await settled(create());
    await world.killMaster();
    await world.startMaster();
    const until = world.clock.now() + 1_000;
    world.master.port.sub(established, (session) => {
      if (session.peer?.service === 'room-runner' && world.clock.now() < until)
        session.close('superseded', 'not yet');
    });
    while (world.lobby.session === undefined) await world.clock.advance(1);
    const again = create();
    await expect(world.cluster.within(RECOVERY_MS, again)).resolves.toMatchObject({
      room: { roomId: room.roomId },
    });
    expect(roomsOf(world)).toBe(1);
  });

  it('makes a room without a requestId at once', async () => {
    await world.killMaster();
    await world.startMaster();
    while (world.lobby.session === undefined) await world.clock.advance(1);
    while (world.master.service.runners.fronts.size === 0) await world.clock.advance(1);
    await expect(settled(world.create('ben'))).resolves.toBeDefined();
  });

  it('refuses it after the window as long as a front is still telling', async () => {
    await world.killMaster();
    const { service } = await world.startMaster();
    const recovery = service.runners.recovery as Recovery;
    recovery.reported = () => undefined;
    while (world.lobby.session === undefined) await world.clock.advance(1);
    const again = create();
    again.catch(() => undefined);
    await world.clock.advance(RECOVERY_MS);
    await expect(settled(again)).rejects.toMatchObject(UNKNOWN);
  });
});

describe('a create that is asked again until it is answered', () => {
  const fault = fc.record({
    turn: fc.nat(30),
    kind: fc.constantFrom('cut runners' as const, 'restart master' as const, 'cut lobby' as const),
  });

  it('makes one room, whatever is lost and whoever restarts meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 4 }), async (faults) => {
        const one = await RoomWorld.start({ runners: 2 });
        const afterTurns = (turns: number, task: () => void): void =>
          one.clock.endOfTurn(() => (turns === 0 ? task() : afterTurns(turns - 1, task)));
        let offer: Offer | undefined;
        const ask = (): void =>
          void create(one).then(
            (made) => (offer = made),
            (error: unknown) => {
              const mayAskAgain = ['backend_unavailable', 'no_room_runner'];
              if (!(error instanceof Failure) || !mayAskAgain.includes(error.code)) throw error;
              one.clock.setTimer(100, ask);
            },
          );
        ask();
        for (const { turn, kind } of faults) {
          afterTurns(turn, () => {
            if (kind === 'cut runners') void cutRunners(one);
            else if (kind === 'cut lobby') one.lobby.session?.close('superseded', 'a test');
            else if (one.master.port.address !== undefined) {
              one.master.node.kill();
              void one.startMaster();
            }
          });
        }
        await one.clock.settle();
        await one.clock.advance(2 * RECOVERY_MS);
        expect(offer).toBeDefined();
        expect(roomsOf(one)).toBe(1);
        expect(one.books).toEqual(one.rooms);
      }),
      { numRuns: 60 },
    );
  });
});
