/** Tokens under keys of the lobby's own, beside those of an identity service; and how the keys change. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountError, TokenKeys, jwtTokens, lobbyTokens } from '../src/index.ts';
import type { TokenIssuer, TokenKey } from '../src/index.ts';

const START = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR = 3_600_000;
const REFUSED = { name: 'AccountError', code: 'wrong_credentials' };
const IDENTITY_SECRET = new Uint8Array(32).fill(9);

/** What several lobby-masters share. */
class Storage {
  keys: TokenKey[] = [];
  away = false;
  looks = 0;

  async tokenKeys(): Promise<readonly TokenKey[]> {
    this.#requireHere();
    this.looks += 1;
    return this.keys.toSorted((a, b) => b.nth - a.nth);
  }

  async addTokenKey(key: TokenKey): Promise<boolean> {
    this.#requireHere();
    if (this.keys.some(({ nth }) => nth === key.nth)) return false;
    this.keys.push(key);
    return true;
  }

  async dropTokenKeys(belowNth: number): Promise<void> {
    this.#requireHere();
    this.keys = this.keys.filter(({ nth }) => nth >= belowNth);
  }

  #requireHere(): void {
    if (this.away) throw new AccountError('storage', 'The storage is away.');
  }
}

class World {
  readonly storage = new Storage();
  nowMs = START;
  readonly wallClock = (): number => this.nowMs;

  async master(
    more: { readonly identitySecret?: Uint8Array } = {},
  ): Promise<{ keys: TokenKeys; tokens: TokenIssuer }> {
    const shared = { wallClock: this.wallClock, lifetimeMs: HOUR };
    const keys = await TokenKeys.open({ accounts: this.storage, ...shared });
    return { keys, tokens: lobbyTokens({ keys, ...shared, ...more }) };
  }

  identityService(): TokenIssuer {
    return jwtTokens({ secret: IDENTITY_SECRET, wallClock: this.wallClock, lifetimeMs: HOUR });
  }
}

describe('A20: a key of the lobby', () => {
  it('is made at the first start, is random, and is the same at the next', async () => {
    const [one, other] = [new World(), new World()];
    const first = await one.master();
    const token = await first.tokens.issue({ name: 'Ana', userId: 'u1', epoch: 7 });
    await expect((await one.master()).tokens.verify(token)).resolves.toMatchObject({ name: 'Ana', epoch: 7 });
    await expect((await other.master()).tokens.verify(token)).rejects.toMatchObject(REFUSED);
    expect(Buffer.from(first.keys.newest.secret, 'base64url')).toHaveLength(32);
  });

  it('verifies for one life of a token more when another one signs, and is then deleted', async () => {
    const world = new World();
    const { keys, tokens } = await world.master();
    const old = await tokens.issue({ name: 'Ana' });
    world.nowMs += HOUR / 2;
    const late = await tokens.issue({ name: 'Bo' });
    await expect(keys.rotate({ keepsOld: true })).resolves.toBe(2);
    const renewed = await tokens.issue({ name: 'Ana' });
    await expect(tokens.verify(old)).resolves.toMatchObject({ name: 'Ana' });
    world.nowMs += HOUR - 1;
    await expect(tokens.verify(renewed)).resolves.toMatchObject({ name: 'Ana' });
    expect(keys.verifying).toHaveLength(2);
    world.nowMs += 1;
    await expect(tokens.verify(late)).rejects.toMatchObject(REFUSED);
    expect(keys.verifying).toHaveLength(1);
    await keys.rotate({ keepsOld: true });
    expect(world.storage.keys.map(({ nth }) => nth)).toEqual([2, 3]);
  });

  it('verifies nothing any more where it is replaced, not rotated', async () => {
    const world = new World();
    const { keys, tokens } = await world.master();
    const stolen = await tokens.issue({ name: 'Ana' });
    await keys.rotate({ keepsOld: false });
    await expect(tokens.verify(stolen)).rejects.toMatchObject(REFUSED);
    await expect(tokens.verify(await tokens.issue({ name: 'Ana' }))).resolves.toMatchObject({ name: 'Ana' });
    expect(world.storage.keys).toHaveLength(1);
  });

  it('is one, whoever rotates at the same moment', async () => {
    const world = new World();
    const masters = [await world.master(), await world.master(), await world.master()];
    await expect(Promise.all(masters.map(({ keys }) => keys.rotate({ keepsOld: true })))).resolves.toEqual([
      2, 2, 2,
    ]);
    expect(new Set(masters.map(({ keys }) => keys.newest.secret)).size).toBe(1);
  });

  it('that another process has made is found when a token says so, and not more than every five seconds', async () => {
    const world = new World();
    const [one, other] = [await world.master(), await world.master()];
    await one.keys.rotate({ keepsOld: true });
    const token = await one.tokens.issue({ name: 'Ana' });
    world.nowMs += 6_000;
    const before = world.storage.looks;
    await expect(other.tokens.verify(token)).resolves.toMatchObject({ name: 'Ana' });
    for (let nth = 0; nth < 50; nth += 1)
      await expect(other.tokens.verify('rubbish')).rejects.toMatchObject(REFUSED);
    expect(world.storage.looks - before).toBe(1);
  });

  it('that another process has made is used within a minute, while tokens are asked for', async () => {
    const world = new World();
    const [one, other] = [await world.master(), await world.master()];
    await one.keys.rotate({ keepsOld: true });
    world.nowMs += 61_000;
    await other.tokens.issue({ name: 'Ana' });
    await new Promise(setImmediate);
    expect(other.keys.newest.nth).toBe(2);
  });

  it('works while the storage is away, and is not changed then', async () => {
    const world = new World();
    const { keys, tokens } = await world.master();
    world.storage.away = true;
    world.nowMs += 120_000;
    await expect(keys.rotate({ keepsOld: true })).rejects.toMatchObject({ code: 'storage' });
    await expect(tokens.verify(await tokens.issue({ name: 'Ana' }))).resolves.toMatchObject({ name: 'Ana' });
    await expect(tokens.verify('rubbish')).rejects.toMatchObject(REFUSED);
  });
});

describe('A20: the secret of an identity service', () => {
  it('verifies what the service says, but no number of a login', async () => {
    const world = new World();
    const { tokens } = await world.master({ identitySecret: IDENTITY_SECRET });
    const token = await world.identityService().issue({ name: 'Ana', userId: 'u1', epoch: 2 ** 50 });
    await expect(tokens.verify(token)).resolves.toEqual({
      name: 'Ana',
      userId: 'u1',
      issuedAtMs: START,
      authTimeMs: START,
      isForeign: true,
    });
  });

  it('signs nothing that a lobby without the service takes, nor what names a key of the lobby', async () => {
    const world = new World();
    const token = await world.identityService().issue({ name: 'Ana' });
    await expect((await world.master()).tokens.verify(token)).rejects.toMatchObject(REFUSED);
    const { keys, tokens } = await world.master({ identitySecret: IDENTITY_SECRET });
    const own = await tokens.issue({ name: 'Ana' });
    const [header] = own.split('.');
    const input = `${header}.${token.split('.')[1]}`;
    const forged = `${input}.${createHmac('sha256', IDENTITY_SECRET).update(input).digest('base64url')}`;
    await expect(tokens.verify(forged)).rejects.toMatchObject(REFUSED);
    await expect(tokens.verify(own)).resolves.not.toHaveProperty('isForeign');
    expect(keys.verifying).toHaveLength(1);
  });

  it('is of no use for a token of tomorrow, which nothing could make void', async () => {
    const world = new World();
    const { tokens } = await world.master({ identitySecret: IDENTITY_SECRET });
    world.nowMs += 6_000;
    const token = await world.identityService().issue({ name: 'Ana' });
    world.nowMs -= 6_000;
    await expect(tokens.verify(token)).rejects.toMatchObject(REFUSED);
  });

  it('has at least 32 bytes', async () => {
    const world = new World();
    await expect(world.master({ identitySecret: new Uint8Array(31) })).rejects.toMatchObject({
      code: 'bad_request',
    });
  });

  it('whatever a header names, nothing else than a refusal comes of it', async () => {
    const { tokens } = await new World().master({ identitySecret: IDENTITY_SECRET });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string(), async (header, rest) => {
        const text = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${rest}`;
        await expect(tokens.verify(text)).rejects.toMatchObject(REFUSED);
      }),
    );
  });
});
