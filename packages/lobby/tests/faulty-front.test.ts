/**
 * A front that tells of what it cannot hold loses its link, and nothing of what it told is left: no number
 * that lobby-master gives is used up by it, and nobody else's login ends.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NUMBERS_PER_INCARNATION, auth } from '@lobby/protocol';
import { LobbyWorld } from './harness/lobby-world.ts';
import { RawFront, record } from './harness/raw-front.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
const A_THOUSAND_STARTS = 1_100 * NUMBERS_PER_INCARNATION;

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

/** Whether the master has ended its link, and says why. */
function isDistrusted(of = world): boolean {
  return (of.master.port.traffic.closed.get('implausible') ?? 0) > 0;
}

function epochOf(name: string, of = world): number {
  const [row] = [...of.master.service.listing().items].filter((one) => one.name === name);
  return row?.epoch ?? -1;
}

describe('A12: a front', () => {
  it.each([LARGEST, A_THOUSAND_STARTS, 2 ** 52])(
    'that holds a login of number %d is not believed',
    async (epoch) => {
      await world.user('ana');
      const before = world.book;
      const raw = await RawFront.connect(world.cluster);
      const told = raw.inventory(record('ben', epoch, 1), record('ana', epoch, 2));
      await expect(world.cluster.settled(told)).rejects.toMatchObject({ code: 'backend_unavailable' });
      expect(isDistrusted()).toBe(true);
      expect(world.book).toEqual(before);
      await world.user('cleo');
      expect(epochOf('cleo')).toBeLessThan(2 * NUMBERS_PER_INCARNATION);
    },
  );

  it('that held many numbers before the storage was restored from a backup is believed', async () => {
    const raw = await RawFront.connect(world.cluster);
    const epoch = 900 * NUMBERS_PER_INCARNATION + 7;
    await world.cluster.settled(raw.inventory(record('ben', epoch, 1)));
    expect(isDistrusted()).toBe(false);
    await world.user('cleo');
    expect(epochOf('cleo')).toBeGreaterThan(epoch);
  });

  it('that says that another front\u2019s user is gone is not believed', async () => {
    const ana = await world.user('ana');
    const before = world.book;
    const raw = await RawFront.connect(world.cluster);
    raw.link.send(auth.synLogoutF2b, { name: 'ana', epoch: epochOf('ana') });
    await world.clock.settle();
    expect(isDistrusted()).toBe(true);
    expect(world.book).toEqual(before);
    expect(ana.ended).toBeUndefined();
  });

  it('that says that a newer login of another front\u2019s user is gone changes nothing', async () => {
    const ana = await world.user('ana');
    const raw = await RawFront.connect(world.cluster);
    raw.link.send(auth.synLogoutF2b, { name: 'ana', epoch: epochOf('ana') + 1 });
    await world.clock.settle();
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.advance(5_000);
    expect(ana.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
    expect(world.book).toHaveLength(1);
  });

  it.each(['last', 'middle'])('that claims the %s number that can be cuts nobody else off', async (which) => {
    const raw = await RawFront.connect(world.cluster);
    const top = 1_026 * NUMBERS_PER_INCARNATION - 1;
    const epoch = which === 'last' ? top : top - NUMBERS_PER_INCARNATION / 2;
    await world.cluster.settled(raw.inventory(record('mallory', epoch, 1)).catch(() => undefined));
    raw.link.session?.close('superseded', 'it is gone');
    const before = world.master.port.traffic.closed.get('implausible') ?? 0;
    const cleo = await world.user('cleo');
    await world.user('dora', 1);
    await world.cluster.settled(cleo.call(auth.reqLogout, {}));
    for (const { lobbyMaster } of world.fronts) lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.advance(60_000);
    expect(world.master.port.traffic.closed.get('implausible') ?? 0).toBeLessThanOrEqual(before + 1);
    expect(world.book).toEqual(world.tables);
    expect(world.book).toEqual([expect.stringMatching(/^dora/)]);
    for (const { runner } of world.fronts) expect(runner.reasons).toEqual([]);
  });

  it('that claims a login of another one costs that login, and not the link of the other one', async () => {
    const ana = await world.user('ana');
    const ben = await world.user('ben');
    const raw = await RawFront.connect(world.cluster);
    await world.cluster.settled(raw.inventory(record('ana', epochOf('ana'), 1)));
    await world.clock.advance(5_000);
    expect(ana.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
    expect(raw.kicks).toHaveLength(1);
    expect(isDistrusted()).toBe(false);
    expect(ben.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
  });

  it('that says that a login is over which nobody was given changes nothing', async () => {
    const raw = await RawFront.connect(world.cluster);
    raw.link.send(auth.synLogoutF2b, { name: 'ana', epoch: 900 * NUMBERS_PER_INCARNATION });
    await world.clock.settle();
    const ana = await world.user('ana');
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.advance(10_000);
    expect(ana.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
  });

  it('that tells it again and again comes back with patience', async () => {
    const raw = await RawFront.connect(world.cluster);
    raw.link.onUp((session) => {
      const child = raw.link.pulse.asChild({ session });
      child.once(1, async () => {
        await raw.inventory(record('ana', LARGEST, 1)).catch(() => undefined);
      });
      return child;
    });
    await world.clock.advance(60_000);
    const ended = world.master.port.traffic.closed.get('implausible') ?? 0;
    expect(ended).toBeGreaterThan(10);
    expect(ended).toBeLessThan(150);
  });

  it('uses up no number, whatever it tells: lobby-master starts again, logs in and puts out', async () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: LARGEST }),
      fc.constantFrom(LARGEST, LARGEST - 1, 2 ** 52, 2 ** 52 - 1, 1_024 * NUMBERS_PER_INCARNATION),
    );
    const word = fc.record({
      kind: fc.constantFrom('inventory', 'logout'),
      name: fc.constantFrom('ana', 'ben'),
      number,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(word, { minLength: 1 }), { maxLength: 4 }), async (starts) => {
        const one = await LobbyWorld.start({ fronts: 1 });
        let nth = 0;
        for (const words of starts) {
          const raw = await RawFront.connect(one.cluster, `raw-${(nth += 1)}`);
          for (const { kind, name, number: epoch } of words) {
            if (kind === 'logout') raw.link.send(auth.synLogoutF2b, { name, epoch });
            else await one.cluster.settled(raw.inventory(record(name, epoch, 1)).catch(() => undefined));
          }
          await one.clock.settle();
          await one.cluster.settled(one.master.service.kick('ben'));
          await one.restartMaster();
        }
        const dora = await one.user('dora');
        const before = epochOf('dora', one);
        expect(Number.isSafeInteger(before + 1_000)).toBe(true);
        const again = await one.user('dora');
        expect(epochOf('dora', one)).toBeGreaterThan(before);
        expect(dora.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
        expect(again.ended).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
});
