import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { argon2idHasher } from '../src/index.ts';
import { parsePhc } from '../src/phc-string.ts';
import { CHEAPEST, SOMEBODY, cheapHasher } from './fast-hashing.ts';
import { outcomesOf } from './outcomes.ts';

const anyPassword = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

describe('argon2idHasher', () => {
  it('verifies the password that it hashed and no other', async () => {
    const hasher = cheapHasher();
    await fc.assert(
      fc.asyncProperty(anyPassword, anyPassword, async (password, other) => {
        const encoded = await hasher.hash(password, SOMEBODY);
        expect(await hasher.verify(password, encoded, SOMEBODY)).toBe(true);
        expect(await hasher.verify(other, encoded, SOMEBODY)).toBe(other === password);
      }),
    );
  });

  it('makes what argon2id makes of the salt and the parameters that it wrote down', async () => {
    const parsed = parsePhc(
      await cheapHasher({ memoryKib: 64, passes: 3, parallelism: 2 }).hash('p\u00e4ssword', SOMEBODY),
    );
    if (parsed === undefined) throw new Error('the hash cannot be read');
    const tag = argon2Sync('argon2id', {
      message: Buffer.from('p\u00e4ssword', 'utf8'),
      nonce: parsed.salt,
      memory: 64,
      passes: 3,
      parallelism: 2,
      tagLength: 32,
    });
    expect(tag.equals(parsed.tag)).toBe(true);
  });

  it('uses the recommended cost, a salt of 16 bytes and a tag of 32 by default', async () => {
    const encoded = await argon2idHasher().hash('correct horse', SOMEBODY);
    const parsed = parsePhc(encoded);
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect([parsed?.salt.length, parsed?.tag.length]).toEqual([16, 32]);
  });

  it('salts every hash anew', async () => {
    const hasher = cheapHasher();
    expect(await hasher.hash('correct horse', SOMEBODY)).not.toBe(
      await hasher.hash('correct horse', SOMEBODY),
    );
  });

  it('verifies hashes of other parameters, and says that they should be made anew', async () => {
    const today = cheapHasher();
    const others = [
      cheapHasher({ memoryKib: 16 }),
      cheapHasher({ passes: 2 }),
      cheapHasher({ memoryKib: 16, parallelism: 2 }),
    ];
    for (const other of others) {
      const encoded = await other.hash('correct horse', SOMEBODY);
      expect(await today.verify('correct horse', encoded, SOMEBODY)).toBe(true);
      expect([today.needsRehash(encoded), other.needsRehash(encoded)]).toEqual([true, false]);
    }
  });

  it('has a decoy of its own cost that no password matches', async () => {
    const hasher = cheapHasher();
    expect(hasher.needsRehash(hasher.decoy)).toBe(false);
    await fc.assert(
      fc.asyncProperty(anyPassword, async (password) => {
        expect(await hasher.verify(password, hasher.decoy, SOMEBODY)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses at once what would have to wait too long, whether it hashes or verifies, and tells how busy it is', async () => {
    const hasher = argon2idHasher({ concurrency: 2, patienceMs: 0, parameters: CHEAPEST });
    expect(() => hasher.requireRoom(SOMEBODY)).not.toThrow();
    const accepted = [hasher.hash('one', SOMEBODY), hasher.verify('two', hasher.decoy, SOMEBODY)];
    expect([hasher.running, hasher.waiting]).toEqual([2, 0]);
    const refused = outcomesOf([
      hasher.hash('three', SOMEBODY),
      hasher.verify('four', hasher.decoy, SOMEBODY),
    ]);
    expect(() => hasher.requireRoom(SOMEBODY)).toThrow(expect.objectContaining({ code: 'overloaded' }));
    await expect(refused).resolves.toEqual(['overloaded', 'overloaded']);
    await Promise.all(accepted);
    expect([hasher.running, hasher.waiting]).toEqual([0, 0]);
  });

  it('calls a hash that it cannot read a storage fault', async () => {
    const hasher = cheapHasher();
    await expect(hasher.verify('correct horse', 'plain text', SOMEBODY)).rejects.toMatchObject({
      code: 'storage',
    });
    expect(() => hasher.needsRehash('plain text')).toThrow(expect.objectContaining({ code: 'storage' }));
  });

  it.each([
    ['an unknown option', { queue: 5 }],
    ['no concurrency', { concurrency: 0 }],
    ['patience without end', { patienceMs: Infinity }],
    ['no passes', { parameters: { ...CHEAPEST, passes: 0 } }],
    ['less memory than the lanes need', { parameters: { ...CHEAPEST, parallelism: 2 } }],
    ['an unknown parameter', { parameters: { ...CHEAPEST, secret: 1 } }],
  ])('refuses %s', (_, options: object) => {
    expect(() => argon2idHasher(options)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });
});
