/**
 * Quick with a requestId, asked again after whatever has failed: while its seat is held it is that seat, and
 * one room at most is made for it.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Drain } from '@lobby/discovery';
import { Failure } from '@lobby/protocol';
import type { ResponseOf, room as words } from '@lobby/protocol';
import { established } from '@lobby/pulse';
import { RECOVERY_MS, RoomWorld, SEAT_MS } from './harness/room-world.ts';

type Quick = ResponseOf<typeof words.reqQuick>;

const REQUEST = { requestId: 'q1', capacity: 4 };
const UNKNOWN = { code: 'backend_unavailable', mayHaveRun: true, retryAfterMs: 1_000 };

let world: RoomWorld;

beforeEach(async () => {
  world = await RoomWorld.start({ runners: 2 });
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.settled(promise);
}

function quick(of = world): Promise<Quick> {
  return of.quick('ana', REQUEST);
}

/** A room that is fuller than any other, so that whoever looks anew comes here. */
async function fullerRoom(capacity = REQUEST.capacity): Promise<string> {
  const { room } = await settled(world.create('host', { capacity }));
  for (let guest = 2; guest < capacity; guest += 1)
    await settled(world.reserve(`guest-${guest}`, room.roomId));
  return room.roomId;
}

async function cutRunners(of = world): Promise<void> {
  for (const { session } of [...of.master.service.runners.fronts.values()])
    session.close('superseded', 'a test');
  await of.clock.settle();
}

/** What is asked is passed on to a runner, whose link is cut then. */
async function askAndCut(): Promise<void> {
  const asked = quick();
  asked.catch(() => undefined);
  const cutWhenUnderWay = (): void =>
    world.clock.endOfTurn(() => {
      const fronts = [...world.master.service.runners.fronts.values()];
      if (fronts.some(({ session }) => session.pendingCalls > 0)) void cutRunners();
      else cutWhenUnderWay();
    });
  cutWhenUnderWay();
  await expect(settled(asked)).rejects.toMatchObject({ code: 'backend_unavailable', mayHaveRun: true });
}

/** The rooms in which the user holds a seat, at runners that live. */
function seatsOf(user: string, { runners } = world): string[] {
  return runners
    .filter(({ node }) => node.alive)
    .flatMap(({ service: { rooms } }) => [...rooms.values()])
    .filter((room) => room.seatOf(user) !== undefined)
    .map(({ roomId }) => roomId);
}

describe.each([
  ['made', true],
  ['found', false],
])('a quick request for which a room was %s', (_, created) => {
  let first: Quick;

  beforeEach(async () => {
    if (!created) await world.roomOf('ben');
    first = await settled(quick());
    expect(first.created).toBe(created);
  });

  /** The same seat as at first, whatever room is fuller now, by a ticket that is good. */
  async function expectSameSeat(): Promise<void> {
    const again = await settled(quick());
    expect(again).toMatchObject({ created, room: { roomId: first.room.roomId } });
    expect(again.seat.ticket).not.toBe(first.seat.ticket);
    expect(seatsOf('ana')).toEqual([first.room.roomId]);
    await world.enter(again.seat);
  }

  it('leads to the same seat again by a fresh ticket, although another room is fuller now', async () => {
    await fullerRoom();
    await expectSameSeat();
  });

  it('leads to the seat also after it was taken, for as long as it is held', async () => {
    await world.enter(first.seat);
    await world.clock.advance(120_000);
    await expectSameSeat();
  });

  it('leads to it by a newer login of the user too', async () => {
    world.loginAgain('ana');
    await expectSameSeat();
  });

  it('leads to it after room-master was restarted', async () => {
    await fullerRoom();
    await world.restartMaster();
    await expectSameSeat();
  });

  it('waits for the runner of its seat while that is away, and leads there again', async () => {
    await cutRunners();
    await expect(settled(quick())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(RECOVERY_MS);
    await expectSameSeat();
  });

  it('is given up with its runner when that is dead', async () => {
    const { node } = world.runnerOf(first.seat);
    node.kill();
    await world.clock.settle();
    await expect(settled(quick())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(10_000);
    const again = settled(quick());
    if (created) await expect(again).rejects.toMatchObject({ code: 'room_closed' });
    else await expect(again).resolves.toMatchObject({ created: true });
  });

  it('gives the seat up where the user asks with another requestId, or with none', async () => {
    const fuller = await fullerRoom();
    const second = await settled(world.quick('ana', { ...REQUEST, requestId: 'q2' }));
    expect(second).toMatchObject({ created: false, room: { roomId: fuller } });
    expect(seatsOf('ana')).toEqual([fuller]);
    const third = await settled(world.quick('ana', { capacity: 4 }));
    expect(third.room.roomId).toBe(fuller);
  });
});

describe('a quick request whose seat is gone', () => {
  it('leads to the room that was made for it, while that is there', async () => {
    const { room } = await settled(quick());
    await world.clock.advance(SEAT_MS);
    expect(seatsOf('ana')).toEqual([]);
    await fullerRoom();
    const again = await settled(quick());
    expect(again).toMatchObject({ created: true, room: { roomId: room.roomId } });
    await world.enter(again.seat);
    await world.clock.advance(120_000);
    await expect(settled(quick())).resolves.toMatchObject({ created: true, room: { roomId: room.roomId } });
  });

  it('is told that the room that was made for it is closed', async () => {
    const { room, seat } = await settled(quick());
    world.runnerOf(seat).service.close(room.roomId);
    await world.clock.settle();
    await expect(settled(quick())).rejects.toMatchObject({ code: 'room_closed' });
  });

  it('looks anew where the room had been there before', async () => {
    const { roomId } = await world.roomOf('ben');
    expect((await settled(quick())).room.roomId).toBe(roomId);
    await world.clock.advance(SEAT_MS);
    const fuller = await fullerRoom();
    await expect(settled(quick())).resolves.toMatchObject({ created: false, room: { roomId: fuller } });
  });
});

describe('a quick request whose answer is lost with the link to the runner', () => {
  it.each([
    ['made', true],
    ['found', false],
  ])('is not done anew before the runner is back, where a room was %s', async (_, created) => {
    if (!created) await world.roomOf('ben');
    await askAndCut();
    await expect(settled(quick())).rejects.toMatchObject(UNKNOWN);
    await world.clock.advance(RECOVERY_MS);
    const offer = await settled(quick());
    expect(offer.created).toBe(created);
    expect(seatsOf('ana')).toEqual([offer.room.roomId]);
    expect(world.rooms).toHaveLength(1);
  });

  it('keeps no other request waiting', async () => {
    await askAndCut();
    await world.clock.advance(RECOVERY_MS);
    await expect(settled(world.quick('ben', REQUEST))).resolves.toBeDefined();
  });
});

describe('a room-master that has just started', () => {
  it('waits with a request that it does not know until its fronts have told their seats', async () => {
    await world.roomOf('ben');
    const { room } = await settled(quick());
    await world.killMaster();
    await world.startMaster();
    const until = world.clock.now() + 1_000;
    world.master.port.sub(established, (session) => {
      if (session.peer?.service === 'room-runner' && world.clock.now() < until)
        session.close('superseded', 'not yet');
    });
    while (world.lobby.session === undefined) await world.clock.advance(1);
    await expect(world.cluster.within(RECOVERY_MS, quick())).resolves.toMatchObject({
      created: false,
      room: { roomId: room.roomId },
    });
  });

  it('looks for a seat at once where there is no requestId', async () => {
    await world.killMaster();
    await world.startMaster();
    while (world.lobby.session === undefined) await world.clock.advance(1);
    while (world.master.service.runners.fronts.size === 0) await world.clock.advance(1);
    await expect(settled(world.quick('ben'))).resolves.toBeDefined();
  });
});

describe('a runner that drains', () => {
  it('leads who holds a seat back to it, and takes nobody else', async () => {
    const drain = new Drain();
    for (const { node } of world.runners) node.kill();
    await world.startRunner({ drain });
    await world.clock.advance(RECOVERY_MS);
    const { room } = await settled(quick());
    drain.begin();
    await world.startRunner();
    await world.clock.advance(RECOVERY_MS);
    expect((await settled(quick())).room.roomId).toBe(room.roomId);
    expect((await settled(world.quick('ben', REQUEST))).room.roomId).not.toBe(room.roomId);
  });
});

describe('a quick request that is asked again, also after it was answered,', () => {
  const fault = fc.record({
    turn: fc.nat(40),
    kind: fc.constantFrom('cut runners' as const, 'restart master' as const, 'cut lobby' as const),
  });
  /** Others who come between, so that another room is the fullest. */
  const guest = fc.record({ turn: fc.nat(40), room: fc.nat(1) });

  it('has one seat and one answer, whatever is lost and whoever restarts meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        fc.array(guest, { maxLength: 4, size: 'max' }),
        fc.boolean(),
        async (faults, guests, areThere) => {
          const one = await RoomWorld.start({ runners: 2 });
          const ids: string[] = [];
          if (areThere)
            for (const host of ['ben', 'cleo'])
              ids.push((await one.settled(one.create(host, { capacity: 4 }))).room.roomId);
          const afterTurns = (turns: number, task: () => void): void =>
            one.clock.endOfTurn(() => (turns === 0 ? task() : afterTurns(turns - 1, task)));
          const answers: Quick[] = [];
          const ask = (): void =>
            void quick(one).then(
              (offer) => {
                answers.push(offer);
                if (answers.length < 4) ask();
              },
              (error: unknown) => {
                const mayAskAgain = ['backend_unavailable', 'no_room_runner'];
                if (!(error instanceof Failure) || !mayAskAgain.includes(error.code)) throw error;
                one.clock.setTimer(100, ask);
              },
            );
          ask();
          for (const [nth, { turn, room }] of guests.entries()) {
            const roomId = ids[room];
            if (roomId !== undefined)
              afterTurns(turn, () => void one.reserve(`guest-${nth}`, roomId).catch(() => undefined));
          }
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
          expect(answers).toHaveLength(4);
          expect(new Set(answers.map(({ room: { roomId } }) => roomId)).size).toBe(1);
          expect(new Set(answers.map(({ created }) => created)).size).toBe(1);
          expect(seatsOf('ana', one)).toEqual([answers[0]?.room.roomId]);
          const isMade = answers[0]?.created === true;
          expect(one.rooms).toHaveLength(ids.length + (isMade ? 1 : 0));
          expect(one.books).toEqual(one.rooms);
        },
      ),
      { numRuns: 100 },
    );
  });
});
