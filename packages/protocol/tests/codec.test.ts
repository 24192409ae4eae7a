/** The codec: what leaves is what arrives, in the bytes that every MessagePack reader expects. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkStructure, decodePayload, msgpackLiteCodec, net } from '../src/index.ts';
import { hex, mapOf } from '../src/testing/index.ts';
import { comparable, somePayload, strangeIn } from './plain-values.ts';

const codec = msgpackLiteCodec();

function encoded(value: object): string {
  return Buffer.from(codec.encode(value)).toString('hex');
}

describe('the codec', () => {
  it('brings any plain payload back as it was', () => {
    fc.assert(
      fc.property(somePayload, (payload) => {
        const bytes = codec.encode(payload);
        checkStructure(bytes);
        const decoded = codec.decode(bytes);
        expect(comparable(decoded)).toEqual(comparable(payload));
        expect(strangeIn(decoded)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('reads no bytes at all as an empty map', () => {
    expect(codec.decode(new Uint8Array(0))).toEqual({});
  });

  it.each([
    ['the empty map', {}, '80'],
    ['a small integer', { a: 127 }, '81a1617f'],
    ['the largest 32-bit integer', { a: 0xffff_ffff }, '81a161ceffffffff'],
    ['an integer above 32 bits', { a: 0x1_0000_0000 }, '81a161cf0000000100000000'],
    ['a time', { at: 1_700_000_000_000 }, '81a26174cf0000018bcfe56800'],
    ['the largest safe integer', { a: Number.MAX_SAFE_INTEGER }, '81a161cf001fffffffffffff'],
    ['the smallest 32-bit integer', { a: -0x8000_0000 }, '81a161d280000000'],
    ['an integer below 32 bits', { a: -0x8000_0001 }, '81a161d3ffffffff7fffffff'],
    ['the smallest safe integer', { a: Number.MIN_SAFE_INTEGER }, '81a161d3ffe0000000000001'],
    ['an integer that is not safe, as the float that it is', { a: 2 ** 53 }, '81a161cb4340000000000000'],
    ['a float', { a: 1.5 }, '81a161cb3ff8000000000000'],
    ['bytes', { a: Uint8Array.of(1, 2) }, '81a161c4020102'],
    ['bytes in a Buffer', { a: Buffer.from([1, 2]) }, '81a161c4020102'],
    ['text beyond the first plane', { a: '😀' }, '81a161a4f09f9880'],
  ])('writes %s in one way', (_, value, bytes) => {
    expect(encoded(value)).toBe(bytes);
  });

  it.each([1e300, -1e300, 2 ** 64, -(2 ** 63), 2 ** 63, Infinity, -Infinity, Number.NaN])(
    'brings the number %d back',
    (number) => expect(codec.decode(codec.encode({ number }))).toEqual({ number }),
  );

  it('leaves out keys whose value is undefined, at every level', () => {
    expect(encoded({ a: undefined, b: { c: undefined, d: [{ e: undefined }] } })).toBe(
      encoded({ b: { d: [{}] } }),
    );
  });

  it('writes half a surrogate pair as the replacement character, which every reader takes', () => {
    expect(codec.decode(codec.encode({ a: 'x\ud83d' }))).toEqual({ a: 'x\ufffd' });
  });

  it('gives bytes of their own: the frame that they came in may be reused', () => {
    const frame = hex('81 a1 61 c4 03 010203');
    const { a } = codec.decode(frame) as { a: Uint8Array };
    frame.fill(0xff);
    expect([...a]).toEqual([1, 2, 3]);
  });

  it('reads from any view of any buffer', () => {
    const around = new Uint8Array([9, ...hex('81 a1 61 a3 c3a9 78'), 9]);
    expect(codec.decode(around.subarray(1, -1))).toEqual({ a: 'éx' });
  });

  it('tells what it refuses as bad_frame', () => {
    expect(() => codec.decode(mapOf(hex('d4 01 00')))).toThrow(
      expect.objectContaining({ code: 'bad_frame', message: expect.stringContaining('extension') }),
    );
  });

  it('refuses what MessagePack cannot hold as unencodable', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const value of [{ a: 1n }, circular]) {
      expect(() => codec.encode(value)).toThrow(expect.objectContaining({ code: 'unencodable' }));
    }
  });

  it.each([
    ['NaN', 'cb 7ff8000000000000'],
    ['Infinity', 'cb 7ff0000000000000'],
    ['minus Infinity', 'cb fff0000000000000'],
    ['NaN of 32 bits', 'ca 7fc00000'],
    ['a fraction', 'cb 3ff8000000000000'],
    ['a negative integer', 'ff'],
    ['2^53, which 2^53+1 equals', 'cf 0020000000000000'],
    ['2^53+1', 'cf 0020000000000001'],
    ['2^64-1', 'cf ffffffffffffffff'],
    ['-2^63', 'd3 8000000000000000'],
  ])('decodes %s, and the schema of an integer refuses it', (_, number) => {
    const rest = `a1 76 01 a7 ${Buffer.from('session').toString('hex')} ${number} a9 ${Buffer.from('heartbeat').toString('hex')} 01 a4 ${Buffer.from('node').toString('hex')} a1 78`;
    const payload = hex(`84 ${rest}`);
    expect(typeof codec.decode(payload).session).toBe('number');
    expect(() => decodePayload(net.welcome, payload)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.stringMatching(/net\.welcome.*session/),
      }),
    );
  });
});
