import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auth, parseName } from '@lobby/protocol';
import { jwtTokens } from '../src/index.ts';
import type { JwtTokensOptions } from '../src/index.ts';
import { failureOf } from './outcomes.ts';

const SECRET = new Uint8Array(32).fill(7);
const NOW = Date.parse('2026-11-22T12:00:00.900Z');
const HOUR = 3_600_000;
const REFUSED = { name: 'AccountError', code: 'wrong_credentials' };

function tokens(options: Partial<JwtTokensOptions> = {}) {
  return jwtTokens({ secret: SECRET, wallClock: () => NOW, lifetimeMs: HOUR, ...options });
}

interface Signing {
  readonly header?: object;
  readonly secret?: Uint8Array;
  readonly hash?: string;
}

/** A token made by hand, as another program would. */
function signed(claims: object, signing: Signing = {}): string {
  const { header = { alg: 'HS256' }, secret = SECRET, hash = 'sha256' } = signing;
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

function partOf(token: string, index: number): unknown {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());
}

const seconds = Math.floor(NOW / 1000);
const claims = { name: 'Ana', exp: seconds + 60 };

/** The longest that there are, often. */
const someName = fc
  .string({ unit: fc.constantFrom('a', 'é', '李', '𠮷'), minLength: 2, maxLength: 24, size: 'max' })
  .map((text) => parseName(text))
  .filter((name) => name !== undefined);
const someUserId = fc.oneof(
  fc.constantFrom(...['x', '\0', '"', '😀'].map((character) => character.repeat(255))),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 255, size: 'max' })
    .filter((text) => text.isWellFormed() && [...text].length <= 255),
);

describe('issued tokens', () => {
  it('say who they were issued for', async () => {
    const token = await tokens().issue({ name: 'Ana', userId: 'u1' });
    await expect(tokens().verify(token)).resolves.toEqual({
      name: 'Ana',
      userId: 'u1',
      issuedAtMs: seconds * 1000,
      authTimeMs: seconds * 1000,
    });
  });

  it('need no user id', async () => {
    const token = await tokens().issue({ name: 'Ana' });
    const at = seconds * 1000;
    await expect(tokens().verify(token)).resolves.toEqual({ name: 'Ana', issuedAtMs: at, authTimeMs: at });
  });

  it('bear the standard claims and a key id', async () => {
    const token = await tokens({ issuer: 'here', audience: 'there' }).issue({ name: 'Ana', userId: 'u1' });
    expect(partOf(token, 0)).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{11}$/) });
    expect(partOf(token, 1)).toEqual({
      name: 'Ana',
      sub: 'u1',
      iss: 'here',
      aud: 'there',
      iat: seconds,
      exp: seconds + 3600,
    });
  });

  it('bear the number of the login that they were issued for', async () => {
    const token = await tokens().issue({ name: 'Ana', epoch: 2 ** 32 + 7 });
    await expect(tokens().verify(token)).resolves.toMatchObject({ epoch: 2 ** 32 + 7 });
  });

  it.each([1.5, '7', -0.1, null])('are refused with %p as that number', async (epoch) => {
    await expect(tokens().verify(signed({ ...claims, epoch }))).rejects.toMatchObject(REFUSED);
  });

  it('A17: bear when the user proved who they are, in seconds, whenever they are issued', async () => {
    const authTimeMs = (seconds - 7_000) * 1000;
    const token = await tokens().issue({ name: 'Ana', authTimeMs: authTimeMs + 999 });
    expect(partOf(token, 1)).toMatchObject({ auth_time: seconds - 7_000 });
    await expect(tokens().verify(token)).resolves.toMatchObject({ authTimeMs });
  });

  it.each([
    ['auth_time, which is not later than iat', { iat: seconds - 5, auth_time: seconds - 9 }, seconds - 9],
    ['iat, where auth_time is later', { iat: seconds - 5, auth_time: seconds + 9 }, seconds - 5],
    ['iat, where there is no auth_time', { iat: seconds - 5 }, seconds - 5],
    ['auth_time, where there is no iat', { auth_time: seconds - 9 }, seconds - 9],
  ])('A17: of another program prove their user by %s', async (_, more, authTime) => {
    await expect(tokens().verify(signed({ ...claims, ...more }))).resolves.toMatchObject({
      authTimeMs: authTime * 1000,
    });
  });

  it.each(['7', null, {}])('A17: are refused with %p as that time', async (authTime) => {
    await expect(tokens().verify(signed({ ...claims, auth_time: authTime }))).rejects.toMatchObject(REFUSED);
  });

  it('have one key id for one secret', async () => {
    const [one, same, other] = await Promise.all([
      tokens().issue({ name: 'Ana' }),
      tokens({ issuer: 'elsewhere' }).issue({ name: 'Bo' }),
      tokens({ secret: new Uint8Array(32).fill(8) }).issue({ name: 'Ana' }),
    ]);
    expect(partOf(one, 0)).toEqual(partOf(same, 0));
    expect(partOf(one, 0)).not.toEqual(partOf(other, 0));
  });

  it('are refused to a name that breaks the rule', async () => {
    await expect(tokens().issue({ name: 'A' })).rejects.toMatchObject({ code: 'bad_request' });
  });

  it.each([
    ['none', ''],
    ['256 characters', 'x'.repeat(256)],
    ['half of a surrogate pair', 'ana\ud83d'],
  ])('are refused to a user id of %s', async (_, userId) => {
    const issuing = tokens().issue({ name: 'Ana', userId });
    expect(await failureOf(issuing)).toMatchObject({ name: 'AccountError', code: 'bad_request' });
  });

  it('A9: are no longer than a client may send, for every name and user id that there may be', async () => {
    const issuer = tokens({ issuer: 'i'.repeat(200), audience: 'a'.repeat(200) });
    await fc.assert(
      fc.asyncProperty(someName, someUserId, fc.maxSafeNat(), async (name, userId, epoch) => {
        const token = await issuer.issue({ name, userId, epoch });
        expect(token.length).toBeLessThanOrEqual(3_000);
        expect(auth.reqLogin.validate({ token })).toEqual({ token });
        await expect(issuer.verify(token)).resolves.toMatchObject({ name, userId, epoch });
      }),
    );
  });

  it('hold until their lifetime and the clock tolerance are over', async () => {
    let now = NOW;
    const clocked = tokens({ wallClock: () => now, clockToleranceMs: 5000 });
    const token = await clocked.issue({ name: 'Ana' });
    now = NOW + HOUR + 4000;
    await expect(clocked.verify(token)).resolves.toMatchObject({ name: 'Ana' });
    now = NOW + HOUR + 5000;
    await expect(clocked.verify(token)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('expired'),
    });
  });

  it('keep the key that was handed in when the caller overwrites its bytes', async () => {
    const secret = SECRET.slice();
    const issuer = tokens({ secret });
    secret.fill(0);
    await expect(tokens().verify(await issuer.issue({ name: 'Ana' }))).resolves.toMatchObject({
      name: 'Ana',
    });
  });
});

describe('tokens of an identity service', () => {
  it.each([
    ['a name and an expiry', claims],
    ['an issuer of its own', { ...claims, iss: 'https://id.example' }],
    ['several audiences, ours among them', { ...claims, aud: ['game', 'lobby'] }],
    ['a time from which it counts', { ...claims, nbf: seconds - 1 }],
    ['a clock that is a little ahead', { ...claims, nbf: seconds + 4, iat: seconds + 4 }],
    ['claims that are not known here', { ...claims, role: 'admin', userId: 'u9' }],
  ])('are accepted with %s', async (_, said) => {
    await expect(tokens().verify(signed(said))).resolves.toMatchObject({ name: 'Ana' });
  });

  it('are accepted with a key id of its own', async () => {
    const token = signed(claims, { header: { alg: 'HS256', kid: 'theirs' } });
    await expect(tokens().verify(token)).resolves.toMatchObject({ name: 'Ana' });
  });

  it.each([1, 129, 255])('A9: say a user id of %d characters', async (length) => {
    for (const character of ['x', '\0', '😀']) {
      const userId = character.repeat(length);
      const verified = await tokens().verify(signed({ ...claims, sub: userId }));
      expect(verified.userId).toBe(userId);
      const issued = await tokens().issue(verified);
      await expect(tokens().verify(issued)).resolves.toMatchObject({ name: 'Ana', userId });
    }
  });

  it('name the user in NFC', async () => {
    const token = signed({ ...claims, name: 'Zoe\u0308', sub: 'u1' });
    await expect(tokens().verify(token)).resolves.toEqual({ name: 'Zo\u00eb', userId: 'u1' });
  });

  it.each([
    ['no expiry', { name: 'Ana' }],
    ['an expiry that is past', { ...claims, exp: seconds - 5 }],
    ['an expiry that is not a number', { ...claims, exp: 'tomorrow' }],
    ['a time to come', { ...claims, nbf: seconds + 60 }],
    ['a beginning that is not a number', { ...claims, nbf: 'yesterday' }],
    ['a time of issue that is not a number', { ...claims, iat: 'today' }],
    ['another audience', { ...claims, aud: 'shop' }],
    ['an empty audience', { ...claims, aud: [] }],
    ['an audience that is not text', { ...claims, aud: 5 }],
    ['no name', { exp: claims.exp }],
    ['a name that is not text', { ...claims, name: ['Ana'] }],
    ['a name that breaks the rule', { ...claims, name: 'Ana B' }],
    ['an epoch under 0', { ...claims, epoch: -1 }],
    ['a user id that is not text', { ...claims, sub: 5 }],
    ['an empty user id', { ...claims, sub: '' }],
    ['a user id of 256 characters', { ...claims, sub: 'x'.repeat(256) }],
    ['a user id of 256 wide characters', { ...claims, sub: '😀'.repeat(256) }],
    ['a user id with half of a surrogate pair', { ...claims, sub: 'ana\ud83d' }],
    ['a name that is too long without its form', { ...claims, name: '\ufdfa'.repeat(24) }],
  ])('are refused with %s', async (_, said) => {
    await expect(tokens().verify(signed(claims))).resolves.toMatchObject({ name: 'Ana' });
    await expect(tokens().verify(signed(said))).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ['no algorithm', signed(claims, { header: { alg: 'none' } })],
    ['no algorithm and no signature', signed(claims, { header: { alg: 'none' } }).replace(/[^.]*$/, '')],
    ['another algorithm of the same key', signed(claims, { header: { alg: 'HS512' }, hash: 'sha512' })],
    ['another key', signed(claims, { secret: new Uint8Array(32).fill(8) })],
    ['an unknown critical header', signed(claims, { header: { alg: 'HS256', crit: ['x'], x: 1 } })],
    ['claims that are not a map', signed([claims])],
    ['nothing in it', ''],
    ['dots alone', '..'],
    ['something else', 'correct horse'],
  ])('are refused with %s', async (_, token) => {
    await expect(tokens().verify(token)).rejects.toMatchObject(REFUSED);
  });
});

describe('changed tokens', () => {
  const token = signed({ ...claims, sub: 'u1' });

  it('are refused whatever character was changed', async () => {
    const anyChange = fc.record({ at: fc.nat({ max: token.length - 1 }), by: fc.string({ maxLength: 2 }) });
    await fc.assert(
      fc.asyncProperty(anyChange, async ({ at, by }) => {
        const changed = token.slice(0, at) + by + token.slice(at + 1);
        // Base64url leaves bits unused at the end of a part: another spelling of the same bytes is no change.
        fc.pre(!sameBytes(changed, token));
        await expect(tokens().verify(changed)).rejects.toMatchObject(REFUSED);
      }),
      { numRuns: 500 },
    );
  });

  it('are refused with any text in their place, and never with another error', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.base64String(), { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        await expect(tokens().verify(text)).rejects.toMatchObject(REFUSED);
      }),
    );
  });

  it('are not told in the error', async () => {
    const error = await failureOf(tokens().verify(`${token}x`));
    expect(error).toMatchObject({ ...REFUSED, message: expect.stringContaining('signature') });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain(token.split('.')[1]);
  });
});

/** Whether the signature is spelled differently, and the signed text is the same. */
function sameBytes(one: string, other: string): boolean {
  const [signatureOne, signatureOther] = [one, other].map((text) =>
    Buffer.from(text.split('.')[2] ?? '', 'base64url'),
  );
  const [inputOne, inputOther] = [one, other].map((text) => text.split('.').slice(0, 2).join('.'));
  return inputOne === inputOther && signatureOne?.equals(signatureOther ?? Buffer.alloc(0)) === true;
}

describe('jwtTokens', () => {
  it.each([
    ['a secret below 32 bytes', { secret: new Uint8Array(31) }],
    ['a lifetime below a second', { lifetimeMs: 999 }],
    ['a lifetime that is not a number', { lifetimeMs: NaN }],
    ['a tolerance below zero', { clockToleranceMs: -1 }],
    [
      'issuer and audience that leave no room for a user',
      { issuer: 'i'.repeat(300), audience: 'a'.repeat(200) },
    ],
    ['an option that it does not know', { algorithm: 'none' }],
  ])('refuses %s', (_, options: object) => {
    expect(() => tokens(options)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });
});
