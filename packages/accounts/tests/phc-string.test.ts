import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePhc, parsePhc } from '../src/phc-string.ts';

const HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const anyHash = fc.record({
  parameters: fc.record({
    memoryKib: fc.integer({ min: 128, max: 1024 * 1024 }),
    passes: fc.integer({ min: 1, max: 64 }),
    parallelism: fc.integer({ min: 1, max: 16 }),
  }),
  salt: fc.uint8Array({ minLength: 8, maxLength: 64 }),
  tag: fc.uint8Array({ minLength: 16, maxLength: 64 }),
});

describe('PHC strings', () => {
  it('spell the parameters, the salt and the tag', () => {
    const parsed = parsePhc(HASH);
    expect(parsed?.parameters).toEqual({ memoryKib: 19_456, passes: 2, parallelism: 1 });
    expect([...(parsed?.salt ?? [])]).toEqual([...Array(16).keys()]);
    expect([...(parsed?.tag ?? [])]).toEqual(Array(32).fill(0));
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(anyHash, (hash) => {
        const parsed = parsePhc(encodePhc(hash));
        expect(parsed?.parameters).toEqual(hash.parameters);
        expect(Buffer.from(parsed?.salt ?? []).equals(hash.salt)).toBe(true);
        expect(Buffer.from(parsed?.tag ?? []).equals(hash.tag)).toBe(true);
      }),
    );
  });

  it('have one spelling: a changed character makes another hash or none', () => {
    const anyEdit = fc.record({ hash: anyHash, at: fc.nat(), by: fc.string({ minLength: 0, maxLength: 2 }) });
    fc.assert(
      fc.property(anyEdit, ({ hash, at, by }) => {
        const written = encodePhc(hash);
        const index = at % written.length;
        const edited = written.slice(0, index) + by + written.slice(index + 1);
        const parsed = parsePhc(edited);
        expect(parsed === undefined || encodePhc(parsed) === edited).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nothing', ''],
    ['another function', HASH.replace('argon2id', 'argon2i')],
    ['another version', HASH.replace('v=19', 'v=16')],
    ['no version', HASH.replace('$v=19', '')],
    ['a leading zero', HASH.replace('t=2', 't=02')],
    ['another order', HASH.replace('m=19456,t=2', 't=2,m=19456')],
    ['one more parameter', HASH.replace('p=1', 'p=1,data=AAAA')],
    ['no passes', HASH.replace('t=2', 't=0')],
    ['more than 1 GiB', HASH.replace('m=19456', 'm=1048577')],
    ['less memory than the lanes need', HASH.replace('m=19456,t=2,p=1', 'm=15,t=2,p=2')],
    ['padding', `${HASH}=`],
    ['base64url', HASH.replace('AAEC', 'AA-_')],
    ['stray bits after the last byte', HASH.replace(/A$/, 'B')],
    ['a short salt', HASH.replace('AAECAwQFBgcICQoLDA0ODw', 'AAECAwQFBg')],
    ['a short tag', HASH.replace(/A{43}$/, 'A'.repeat(20))],
    ['a line end', `${HASH}\n`],
    ['something before', ` ${HASH}`],
  ])('are refused with %s', (_, text) => {
    expect(parsePhc(HASH)).toBeDefined();
    expect(parsePhc(text)).toBeUndefined();
  });
});
