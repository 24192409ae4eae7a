/**
 * Logging out everywhere else: the login that asks stays, under a new number; all other logins of the user
 * and all tokens of before are over. And no token renews itself for ever.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { LobbyWorld } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';
import { RawFront, record } from './harness/raw-front.ts';

const DAY_MS = 24 * 60 * 60_000;
const REFUSED = { code: 'wrong_credentials' };

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

function everywhere(client: TestClient): Promise<{ token: string }> {
  return settled(client.call(auth.reqEverywhere, {}));
}

async function loginBy(token: string, nth = 0): Promise<{ token: string; client: TestClient }> {
  const client = await world.client(nth);
  const { token: next } = await settled(client.call(auth.reqLogin, { token }));
  return { token: next, client };
}

describe('A17: logging out everywhere else', () => {
  it("makes all tokens of before void, an identity service's too, and gives one that holds", async () => {
    const before = tokenOf('ana', { issuedAtMs: world.clock.wallNow() });
    const { token: old, client } = await loginBy(before);
    const { token } = await everywhere(client);
    for (const one of [before, old, tokenOf('ana')])
      await expect(
        settled((await world.client(1)).call(auth.reqLogin, { token: one })),
      ).rejects.toMatchObject(REFUSED);
    expect(client.ended).toBeUndefined();
    await expect(loginBy(token, 1)).resolves.toMatchObject({ client: { ended: undefined } });
  });

  it('leaves the login where it is, under one new number, on its front and in the books', async () => {
    const client = await world.user('ana');
    const [before] = world.book;
    await everywhere(client);
    expect(world.tables).toEqual(world.book);
    expect(world.book).not.toEqual([before]);
    expect(client.messages(auth.synKickout)).toEqual([]);
    await settled(client.call(room.reqReserve, { roomId: 'r1' }));
    const [reserve] = world.rooms.askedFor(room.reqReserveF2b) as { epoch: number }[];
    expect(world.book).toEqual([expect.stringContaining(` as ${reserve?.epoch}`)]);
    await settled(client.call(auth.reqLogout, {}));
    expect([world.book, world.tables]).toEqual([[], []]);
  });

  it('ends a login of before that comes back with a front that was away', async () => {
    const raw = await RawFront.connect(world.cluster);
    const login = raw.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: 3 });
    const { epoch } = await settled(login);
    raw.link.session?.close('client_closed', 'away');
    await world.clock.settle();
    const { client } = await loginBy(tokenOf('ana'));
    await everywhere(client);
    const back = await RawFront.connect(world.cluster, 'raw2');
    await settled(back.inventory(record('ana', epoch, 3)));
    expect(back.kicks).toMatchObject([{ name: 'ana', epoch, session: 3 }]);
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
  });

  it('stays after a restart of lobby-master: the login is known, the tokens are void', async () => {
    const { token: old, client } = await loginBy(tokenOf('ana'));
    await everywhere(client);
    await world.restartMaster();
    expect(world.book).toEqual(world.tables);
    expect(client.ended).toBeUndefined();
    await expect(loginBy(old)).rejects.toMatchObject(REFUSED);
  });

  it('may be asked for again and again by one login, five times an hour', async () => {
    const { client } = await loginBy(tokenOf('ana'));
    for (let nth = 0; nth < 5; nth += 1) await everywhere(client);
    await expect(everywhere(client)).rejects.toMatchObject({ code: 'throttled' });
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
    await everywhere((await loginBy(tokenOf('ben'))).client);
  });

  it('changes nothing but the number where the storage can not be written', async () => {
    const { token: old, client } = await loginBy(tokenOf('ana'));
    world.accounts.broken = true;
    await expect(everywhere(client)).rejects.toMatchObject({ code: 'backend_unavailable' });
    world.accounts.broken = false;
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
    await expect(loginBy(old, 1)).resolves.toMatchObject({ client: { ended: undefined } });
  });

  it('is for who is logged in', async () => {
    const client = await world.client();
    await expect(everywhere(client)).rejects.toMatchObject({ code: 'unauthenticated' });
    const raw = await RawFront.connect(world.cluster);
    const user = await world.user('ana');
    const asked = { name: 'ana', epoch: 1, session: 1, authTime: 0 };
    await expect(settled(raw.link.call(auth.reqEverywhereF2b, asked))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(user.ended).toBeUndefined();
  });

  it('cuts a front off that does not say whether it has adopted the number', async () => {
    const raw = await RawFront.connect(world.cluster);
    const login = raw.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: 3 });
    const { epoch } = await settled(login);
    const asked = raw.link.call(auth.reqEverywhereF2b, { name: 'ana', epoch, session: 3, authTime: 0 });
    const failed = expect(asked).rejects.toMatchObject({ mayHaveRun: true });
    await world.clock.advance(3_000);
    await failed;
    expect(world.book).toEqual([]);
  });

  it('holds whatever else happens to the user at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      // The limit of five an hour is each user's own.
      const name = `ana${round}`;
      const { client } = await loginBy(tokenOf(name));
      const acts = [
        client.call(auth.reqEverywhere, {}),
        round % 3 === 0 ? client.call(auth.reqLogout, {}) : world.login(await world.client(1), name),
        round % 2 === 0 ? client.call(auth.reqEverywhere, {}) : world.master.service.kick(name),
      ];
      const outcomes = Promise.allSettled(round % 5 === 0 ? acts.toReversed() : acts);
      await world.clock.advance(1_000);
      await outcomes;
      expect(world.tables).toEqual(world.book);
    }
  });
});

describe('A17: a token', () => {
  it('says when its user last proved who they are, through every renewal, and ends with that', async () => {
    const start = world.clock.wallNow();
    let { token, client } = await loginBy(tokenOf('ana', { authTimeMs: start - DAY_MS }));
    for (let day = 1; day < 29; day += 1) {
      world.clock.stepWall(DAY_MS);
      ({ token, client } = await loginBy(token));
      if (day % 7 === 0) ({ token } = await everywhere(client));
      expect(JSON.parse(token.slice('token of '.length))).toMatchObject({ authTimeMs: start - DAY_MS });
    }
    world.clock.stepWall(DAY_MS);
    await expect(loginBy(token)).rejects.toMatchObject(REFUSED);
    // Who is there stays.
    expect(client.ended).toBeUndefined();
  });

  it('counts from the password where there was one', async () => {
    const client = await world.client();
    const who = { name: 'ana', password: 'correct horse' };
    await settled(client.call(auth.reqRegister, who));
    world.clock.stepWall(3 * DAY_MS);
    const again = await world.client();
    const { token } = await settled(again.call(auth.reqLogin, who));
    const { authTimeMs } = JSON.parse(token.slice('token of '.length)) as { authTimeMs: number };
    expect(authTimeMs).toBe(world.clock.wallNow());
  });

  it('proves nothing of tomorrow, whatever an identity service says', async () => {
    for (const authTimeMs of [world.clock.wallNow() + DAY_MS, 1e300, -5, 0.5]) {
      const login = loginBy(tokenOf('ana', { authTimeMs }));
      if (authTimeMs < 1_000) await expect(login).rejects.toMatchObject(REFUSED);
      else expect((await login).token).toContain(`"authTimeMs":${world.clock.wallNow()}`);
    }
  });

  it('and what was made void are forgotten by the storage when they are over', async () => {
    await world.cluster.settled(world.master.service.kick('ana'));
    world.clock.stepWall(29 * DAY_MS);
    await world.restartMaster();
    await expect(world.accounts.voidedTokens()).resolves.toHaveLength(1);
    world.clock.stepWall(2 * DAY_MS);
    await world.restartMaster();
    await expect(world.accounts.voidedTokens()).resolves.toEqual([]);
  });
});
