/**
 * Whoever is let in can always be told again: with the longest user id and name, after a restart of
 * lobby-master, with real tokens. And an inventory is taken record by record.
 */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtTokens } from '@lobby/accounts';
import { auth, encodedBytes } from '@lobby/protocol';
import { inPages } from '@lobby/discovery';
import type { TestClient } from '@lobby/discovery/testing';
import { largestValue } from '@lobby/protocol/testing';
import { LobbyWorld, RECOVERY_MS } from './harness/lobby-world.ts';
import { RawFront, record } from './harness/raw-front.ts';
import type { LoginRecord } from './harness/raw-front.ts';

const SECRET = new Uint8Array(32).fill(7);
/** A token made by hand, as an identity service would. */
function signed(claims: object): string {
  const input = [{ alg: 'HS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}

const LONGEST_NAME = '𠮷'.repeat(24);

class TokenWorld {
  readonly world: LobbyWorld;
  readonly #tokens;

  private constructor(world: LobbyWorld) {
    this.world = world;
    this.#tokens = jwtTokens({ secret: SECRET, wallClock: () => world.clock.wallNow() });
  }

  static async start(): Promise<TokenWorld> {
    const it = new TokenWorld(new LobbyWorld());
    await it.startMaster();
    it.world.startRoomMaster();
    for (let nth = 0; nth < 2; nth += 1) await it.world.startFront();
    return it;
  }

  async startMaster(): Promise<void> {
    await this.world.startMaster({ tokens: this.#tokens });
  }

  /** A master of no memory takes the place of the one that is killed. */
  async restartMaster(): Promise<void> {
    this.world.master.node.kill();
    await this.world.clock.settle();
    await this.startMaster();
    await this.world.clock.advance(RECOVERY_MS);
  }

  /** Logs in on this front by a token of an identity service. */
  async login(name: string, userId: string, nth: number): Promise<TestClient> {
    const { world } = this;
    const token = await this.#tokens.issue({ name, userId });
    const client = await world.client(nth);
    const login = await world.cluster.settled(client.call(auth.reqLogin, { token }));
    expect(login).toMatchObject({ name, userId });
    // What it is told it can come back with.
    await expect(this.#tokens.verify(login.token)).resolves.toMatchObject({ name, userId });
    return client;
  }
}

describe('A9: a user with the longest name and an id of 255 characters', () => {
  it.each(['x', '\0', 'é', '😀'])(
    'of %j is known again after a restart, and logged in once',
    async (character) => {
      const it = await TokenWorld.start();
      const { world } = it;
      const userId = character.repeat(255);
      const older = await it.login(LONGEST_NAME, userId, 0);
      await it.login('ben', 'u-ben', 0);
      const before = world.book;
      await it.restartMaster();
      expect(world.book).toEqual(before);
      expect([...world.master.service.listing().items].map((row) => row.userId)).toContain(userId);
      for (const { runner } of world.fronts) expect(runner.reasons).toEqual([]);
      expect(world.master.port.counters.recordsLeftOut).toBe(0);
      const newer = await it.login(LONGEST_NAME, userId, 1);
      await world.clock.settle();
      expect(older.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
      expect(newer.ended).toBeUndefined();
      expect(world.book).toEqual(world.tables);
    },
  );

  it.each([
    ['an id of one more', { name: 'ana', sub: 'x'.repeat(256) }],
    ['an empty id', { name: 'ana', sub: '' }],
    ['a name whose key is too long', { name: '\ufdfa'.repeat(24), sub: 'u' }],
    ['a name whose key holds a space', { name: 'ana\ufdfa', sub: 'u' }],
  ])('is refused at the door with %s', async (_, claims) => {
    const { world } = await TokenWorld.start();
    const client = await world.client();
    const login = client.call(auth.reqLogin, { token: signed({ ...claims, exp: 2 ** 32 }) });
    await expect(world.cluster.settled(login)).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(client.ended).toBeUndefined();
    expect(world.book).toEqual([]);
  });
});

describe('A19: a name whose key holds a space', () => {
  const NAME = 'ana\ufdfa';

  it('is nobody to register, to log in by password or token, and to an operator', async () => {
    const { world } = await TokenWorld.start();
    const client = await world.client();
    const { settled } = { settled: <T>(task: Promise<T>) => world.cluster.settled(task) };
    const who = { name: NAME, password: 'correct horse' };
    await expect(settled(client.call(auth.reqRegister, who))).rejects.toMatchObject({ code: 'bad_request' });
    await expect(settled(client.call(auth.reqLogin, who))).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    const token = signed({ name: NAME, exp: 2 ** 32 });
    await expect(settled(client.call(auth.reqLogin, { token }))).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    const { service } = world.master;
    expect([await service.kick(NAME), service.unlock(NAME), await service.unbind(NAME)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('A9: an inventory', () => {
  const BAD: readonly [string, Partial<LoginRecord>][] = [
    ['a name that breaks the rule', { name: 'not a name' }],
    ['a name whose key is too long', { name: '\ufdfa'.repeat(24) }],
    ['a name whose key holds a space', { name: 'ana\ufdfa' }],
    ['a name that is not in NFC', { name: 'Zoe\u0308' }],
    ['a user id of 256 characters', { userId: 'x'.repeat(256) }],
    ['no user id', { userId: '' }],
    ['an epoch that is none', { epoch: -1 }],
  ];

  it.each(BAD)('with a record of %s is taken but for that', async (_, bad) => {
    const world = await LobbyWorld.start({ fronts: 0 });
    const raw = await RawFront.connect(world.cluster);
    const users = [record('ana', 5, 1), { ...record('ben', 6, 2), ...bad }, record('cleo', 7, 3)];
    await world.cluster.settled(raw.inventory(...users));
    expect(world.book).toEqual(['ana on raw/1 as 5', 'cleo on raw/3 as 7']);
    expect(world.master.port.counters.recordsLeftOut).toBe(1);
    await world.clock.advance(RECOVERY_MS);
    expect(world.master.service.fronts.recovery?.recovered).toBe(true);
    expect(raw.link.session?.state).toBe('established');
  });

  it('of the longest records is told in pages of 256 KiB', () => {
    const { users } = largestValue(auth.reqInventoryF2b.schema, { maxBatchBytes: 0 }) as {
      readonly users: LoginRecord[];
    };
    const many = { users: new Array<LoginRecord>(2_000).fill(users[0] as LoginRecord) };
    let told = 0;
    for (const { page, last } of inPages(many, { describe: (some) => some })) {
      expect(encodedBytes(page)).toBeLessThanOrEqual(256 * 1024);
      expect(auth.reqInventoryF2b.validate({ ...page, last })).toBeDefined();
      told += page.users.length;
    }
    expect(told).toBe(2_000);
  });
});
