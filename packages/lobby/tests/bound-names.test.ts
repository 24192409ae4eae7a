/** Whose names are, where an identity service issues tokens beside accounts that are registered here. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountError } from '@lobby/accounts';
import { auth } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { LobbyWorld } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';

const DAY_MS = 24 * 60 * 60_000;
const REFUSED = { code: 'wrong_credentials' };
const PASSWORD = 'correct horse';

let world: LobbyWorld;

async function start(): Promise<void> {
  world = new LobbyWorld();
  await world.startMaster({ identityService: true });
  world.startRoomMaster();
  await world.startFront();
}

beforeEach(start);

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

/** A token of the identity service. */
function said(name: string, userId?: string): string {
  const at = { isForeign: true, issuedAtMs: world.clock.wallNow(), authTimeMs: world.clock.wallNow() };
  return tokenOf(name, userId === undefined ? at : { ...at, userId });
}

async function login(token: string): Promise<{ client: TestClient; token: string; userId: string }> {
  const client = await world.client();
  const { token: next, userId } = await settled(client.call(auth.reqLogin, { token }));
  return { client, token: next, userId };
}

async function register(name: string): Promise<string> {
  const client = await world.client();
  const { userId } = await settled(client.call(auth.reqRegister, { name, password: PASSWORD }));
  return userId;
}

/** What waits to be stored is. */
function stored(): Promise<void> {
  return world.clock.advance(1_000);
}

describe('A8: a name that the identity service says', () => {
  it('belongs to the first user that it says it of, in any spelling, over a restart', async () => {
    const { client, token } = await login(said('Ana', 'sub-1'));
    await expect(login(said('ANA', 'sub-2'))).rejects.toMatchObject(REFUSED);
    expect(client.ended).toBeUndefined();
    await stored();
    world.master.node.kill();
    await world.clock.settle();
    await world.startMaster({ identityService: true });
    await world.clock.advance(5_000);
    await expect(login(said('ana', 'sub-2'))).rejects.toMatchObject(REFUSED);
    await expect(login(token)).resolves.toMatchObject({ userId: 'sub-1' });
    await expect(login(said('ana', 'sub-1'))).resolves.toMatchObject({ userId: 'sub-1' });
  });

  it('is looked up again for the next one where the storage had too much to do for one', async () => {
    await login(said('ana', 'sub-1'));
    await stored();
    world.master.node.kill();
    await world.clock.settle();
    await world.startMaster({ identityService: true });
    await world.clock.advance(5_000);
    world.accounts.beforeNames = () => Promise.reject(new AccountError('overloaded', 'much waits'));
    await login(said('ben', 'sub-2'));
    world.accounts.beforeNames = () => Promise.resolve();
    await expect(login(said('ana', 'sub-2'))).rejects.toMatchObject(REFUSED);
  });

  it("cannot be registered; and one that is registered is not the service's", async () => {
    await login(said('ana', 'sub-1'));
    await stored();
    await expect(register('ANA')).rejects.toMatchObject({ code: 'name_taken' });
    const userId = await register('ben');
    await expect(login(said('ben', 'sub-2'))).rejects.toMatchObject(REFUSED);
    await expect(login(said('ben'))).rejects.toMatchObject(REFUSED);
    const client = await world.client();
    const byPassword = { name: 'ben', password: PASSWORD };
    const { token } = await settled(client.call(auth.reqLogin, byPassword));
    await expect(login(token)).resolves.toMatchObject({ userId });
    // Where the service means the account, it says so.
    await expect(login(said('ben', userId))).resolves.toMatchObject({ userId });
  });

  it('is bound by no token without a user, and is then taken by none', async () => {
    const { token } = await login(said('ana'));
    await stored();
    await expect(world.accounts.boundName('ana')).resolves.toBeUndefined();
    await expect(login(said('ana', 'sub-1'))).resolves.toMatchObject({ userId: 'sub-1' });
    await expect(login(said('ana'))).rejects.toMatchObject(REFUSED);
    await expect(login(token)).rejects.toMatchObject(REFUSED);
  });

  it('is bound by no token that is void, and by none of the lobby itself', async () => {
    await settled(world.master.service.kick('ana'));
    await expect(login(tokenOf('ana', { isForeign: true, userId: 'sub-1' }))).rejects.toMatchObject(REFUSED);
    await login(tokenOf('ben', { userId: 'sub-2', epoch: 1 }));
    await stored();
    expect([await world.accounts.boundName('ana'), await world.accounts.boundName('ben')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is freed by an operator, and an account's name is not", async () => {
    await login(said('ana', 'sub-1'));
    await register('ben');
    const unbind = (name: string): Promise<unknown> => settled(world.master.service.unbind(name));
    await expect(unbind('ANA')).resolves.toEqual({ unbound: 'ANA', wasBound: true });
    await expect(unbind('ana')).resolves.toEqual({ unbound: 'ana', wasBound: false });
    await expect(unbind('ben')).resolves.toEqual({ unbound: 'ben', wasBound: false });
    await expect(unbind('a b')).resolves.toBeUndefined();
    await expect(login(said('ana', 'sub-2'))).resolves.toMatchObject({ userId: 'sub-2' });
    await expect(login(said('ana', 'sub-1'))).rejects.toMatchObject(REFUSED);
  });

  it('is free again after 90 days in which its user did not come', async () => {
    await login(said('ana', 'sub-1'));
    await stored();
    for (let times = 0; times < 3; times += 1) {
      world.clock.stepWall(80 * DAY_MS);
      await login(said('ana', 'sub-1'));
      await stored();
    }
    world.clock.stepWall(89 * DAY_MS);
    await expect(login(said('ana', 'sub-2'))).rejects.toMatchObject(REFUSED);
    world.clock.stepWall(2 * DAY_MS);
    await expect(login(said('ana', 'sub-2'))).resolves.toMatchObject({ userId: 'sub-2' });
    await stored();
    await expect(world.accounts.boundName('ana')).resolves.toMatchObject({ userId: 'sub-2' });
  });
});

describe('A8: while the storage is away', () => {
  it('logins by token go on, and names are bound all the same, and stored when it is back', async () => {
    await login(said('ana', 'sub-1'));
    await stored();
    world.accounts.broken = true;
    await expect(login(said('ana', 'sub-1'))).resolves.toMatchObject({ userId: 'sub-1' });
    await expect(login(said('ana', 'sub-2'))).rejects.toMatchObject(REFUSED);
    await expect(login(said('ben', 'sub-3'))).resolves.toMatchObject({ userId: 'sub-3' });
    await expect(login(said('ben', 'sub-4'))).rejects.toMatchObject(REFUSED);
    await world.clock.advance(60_000);
    world.accounts.broken = false;
    await world.clock.advance(10_000);
    await expect(world.accounts.boundName('ben')).resolves.toMatchObject({ userId: 'sub-3' });
  });

  it('and it stands still, a login by token waits for a second at most, and the next ones for nothing', async () => {
    world.accounts.beforeNames = () => new Promise(() => undefined);
    const client = await world.client();
    const first = client.call(auth.reqLogin, { token: said('ana', 'sub-1') });
    await expect(world.cluster.within(1_000, first)).resolves.toMatchObject({ name: 'ana' });
    await expect(login(said('ben', 'sub-2'))).resolves.toMatchObject({ userId: 'sub-2' });
  });

  it('who took the name of another is put out when it is back, and stays out', async () => {
    await register('ana');
    world.accounts.broken = true;
    const { client, token } = await login(said('ana', 'sub-1'));
    world.accounts.broken = false;
    await world.clock.advance(10_000);
    expect(client.ended).toMatch(/^kicked/);
    expect(world.book).toEqual([]);
    for (const one of [token, said('ana', 'sub-1')]) await expect(login(one)).rejects.toMatchObject(REFUSED);
  });
});

describe('A8: whoever comes in whatever order', () => {
  it('a name has one user for as long as it is bound', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            act: fc.constantFrom(
              'token',
              'token',
              'token',
              'plain',
              'register',
              'unbind',
              'away',
              'back',
              'later',
            ),
            sub: fc.constantFrom('sub-1', 'sub-2', 'sub-3'),
          }),
          { maxLength: 20 },
        ),
        async (acts) => {
          await start();
          /** Who is let in; whoever it is stays so until the name is freed. */
          let owner: string | undefined;
          let away = false;
          for (const { act, sub } of acts) {
            if (act === 'later') await world.clock.advance(10_000);
            if (act === 'away' || act === 'back') world.accounts.broken = away = act === 'away';
            // A storage that has not stored yet what is bound here can be told otherwise.
            if (act === 'register' && !away) {
              await world.clock.advance(10_000);
              const userId = await register('ana').catch(() => undefined);
              if (owner === undefined) owner = userId;
              else expect(userId).toBeUndefined();
            }
            if (act === 'unbind' && !away && owner?.startsWith('sub') === true) {
              await settled(world.master.service.unbind('ana'));
              owner = undefined;
            }
            if (act === 'plain' && owner !== undefined && !away)
              await expect(login(said('ana'))).rejects.toMatchObject(REFUSED);
            if (act !== 'token') continue;
            const entered = await login(said('ana', sub)).catch(() => undefined);
            const isAccount = owner?.startsWith('sub') === false;
            if (away && isAccount) continue;
            owner ??= sub;
            expect(entered?.userId).toBe(sub === owner ? sub : undefined);
          }
        },
      ),
      { numRuns: 60 },
    ));
});
