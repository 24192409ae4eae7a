/**
 * Logins and registrations by password on lobby-master: who waits for whom, what counts, and what is kept.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountError } from '@lobby/accounts';
import { auth } from '@lobby/protocol';
import { LobbyWorld } from './harness/lobby-world.ts';
import { RawFront } from './harness/raw-front.ts';

const PASSWORD = 'correct horse';
const WRONG = 'wrong password';
const HOME = '10.0.0.1';

let world: LobbyWorld;
let front: RawFront;
let sessions: number;

beforeEach(async () => {
  world = await LobbyWorld.start({ fronts: 1 });
  front = await RawFront.connect(world.cluster);
  sessions = 0;
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

/** The code of what it fails with, or `done`. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await settled(call);
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function login(name: string, password: string, address?: string): Promise<unknown> {
  sessions += 1;
  const from = address === undefined ? {} : { address };
  return front.link.call(auth.reqLoginF2b, { name, password, session: sessions, ...from });
}

function register(name: string, address: string): Promise<unknown> {
  return front.link.call(auth.reqRegisterF2b, { name, password: PASSWORD, address });
}

/** Strangers guess until nobody who is unknown may. */
async function lockOut(name: string): Promise<void> {
  for (let host = 1; host <= 60; host += 1)
    expect(await outcome(login(name, WRONG, `10.9.9.${host}`))).toBe('wrong_credentials');
  expect(await outcome(login(name, PASSWORD, '10.8.8.8'))).toBe('throttled');
}

describe('A5: who asks for a hash', () => {
  it('is told with a login and with a registration, by their networks', async () => {
    const [v6, v4] = ['[2001:db8::7]', '10.1.2.3'];
    await settled(register('ana', v6));
    await settled(login('ana', PASSWORD, v4));
    await settled(login('ana', PASSWORD));
    expect(world.accounts.askers.map((asker) => asker?.networks)).toEqual([
      ['2001:db8:0::/48', '2001:db8:0:0::/56', '2001:db8:0:0::/64'],
      ['10.1.2.3'],
      ['unknown'],
    ]);
  });

  it('is the one that the front sees, for both', async () => {
    const client = await world.client();
    await settled(client.call(auth.reqRegister, { name: 'ana', password: PASSWORD }));
    await settled(client.call(auth.reqLogin, { name: 'ana', password: PASSWORD }));
    const [registered, loggedIn] = world.accounts.askers.map((asker) => asker?.networks);
    expect(registered).not.toEqual(['unknown']);
    expect(registered).toEqual(loggedIn);
  });

  it('has gone when the answer came too late, or the front is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.accounts.before = () => promise;
    const other = await RawFront.connect(world.cluster, 'other');
    const late = login('ana', PASSWORD, HOME);
    late.catch(() => undefined);
    register('ben', HOME).catch(() => undefined);
    await world.clock.advance(4_000);
    const lost = other.link.call(auth.reqLoginF2b, { name: 'cy', password: PASSWORD, session: 1 });
    lost.catch(() => undefined);
    await world.clock.settle();
    const gone = (): unknown[] => world.accounts.askers.map((asker) => asker?.gone());
    expect(gone()).toEqual([false, false, false]);
    await world.clock.advance(1_000);
    expect(gone()).toEqual([true, true, false]);
    await settled(other.link.stop());
    expect(gone()).toEqual([true, true, true]);
    resolve();
  });

  it('is told when to ask again, and no wait is a wrong password', async () => {
    await settled(register('ana', HOME));
    world.accounts.before = () =>
      Promise.reject(new AccountError('overloaded', 'too many wait', { retryAfterMs: 70 }));
    for (let count = 0; count < 300; count += 1)
      await expect(settled(login('ana', PASSWORD, HOME))).rejects.toMatchObject({
        code: 'overloaded',
        retryAfterMs: 70,
      });
    world.accounts.before = () => Promise.resolve();
    expect(await outcome(login('ana', PASSWORD, HOME))).toBe('done');
  });
});

describe('A10: what can never be right', () => {
  it.each([
    ['a name with a space', 'ana b', WRONG],
    ['a name of one character', 'a', WRONG],
    ['a password of one character', 'ana', 'x'],
    ['a password of seven characters', 'ana', 'x'.repeat(7)],
  ])(
    '%s is refused as a wrong one is, before anybody is asked, and counts for nothing',
    async (_, name, given) => {
      await settled(register('ana', HOME));
      const { length } = world.accounts.askers;
      for (let count = 0; count < 300; count += 1)
        expect(await outcome(login(name, given, '10.9.9.9'))).toBe('wrong_credentials');
      expect(world.accounts.askers).toHaveLength(length);
      expect(await outcome(login('ana', PASSWORD, '10.9.9.9'))).toBe('done');
    },
  );
});

describe('A11: a user at whose password strangers guess', () => {
  it('is not kept out by 20 packets of one-character passwords from 4 addresses', async () => {
    await settled(register('ana', HOME));
    for (let host = 1; host <= 4; host += 1)
      for (let count = 0; count < 5; count += 1) await outcome(login('ana', 'x', `10.9.9.${host}`));
    expect(await outcome(login('ana', PASSWORD, '10.8.8.8'))).toBe('done');
  });

  it.each([
    ['logged in', () => login('ana', PASSWORD, HOME)],
    ['registered', () => Promise.resolve()],
  ])('gets in from where they %s before, on a master that was started anew too', async (_, before) => {
    await settled(register('ana', HOME));
    await settled(before());
    await lockOut('ana');
    expect(await outcome(login('ana', PASSWORD, HOME))).toBe('done');
    await world.restartMaster();
    await lockOut('ana');
    expect(await outcome(login('ana', PASSWORD, HOME))).toBe('done');
    expect(await outcome(login('ana', WRONG, HOME))).toBe('wrong_credentials');
    expect(await outcome(login('ana', PASSWORD, '10.7.7.7'))).toBe('throttled');
  });

  it('gets in from anywhere once the operator unlocks the name', async () => {
    await settled(register('ana', HOME));
    await lockOut('ana');
    const { service } = world.master;
    expect(service.unlock('ANA')).toEqual({ unlocked: 'ANA', hadFailures: true });
    expect(service.unlock('ana')).toEqual({ unlocked: 'ana', hadFailures: false });
    expect(service.unlock('-')).toBeUndefined();
    expect(await outcome(login('ana', PASSWORD, '10.8.8.8'))).toBe('done');
  });

  it('logs in while the storage knows nothing and takes nothing, as somebody unknown', async () => {
    await settled(register('ana', HOME));
    await world.restartMaster();
    world.accounts.broken = true;
    expect(await outcome(login('ana', PASSWORD, '10.8.8.8'))).toBe('done');
    await lockOut('ana').catch(() => undefined);
    world.accounts.broken = false;
    expect(await outcome(login('ana', PASSWORD, HOME))).toBe('done');
  });
});
