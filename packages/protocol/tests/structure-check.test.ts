/**
 * The check that runs before any decoder: what is refused, what passes, and that nothing that passes can
 * surprise.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DEPTH, ProtocolError, checkStructure, msgpackLiteCodec } from '../src/index.ts';
import { HOSTILE_PAYLOADS, hex, mapOf } from '../src/testing/index.ts';
import { somePayload, strangeIn } from './plain-values.ts';

const codec = msgpackLiteCodec();
const BAD_FRAME = expect.objectContaining({ name: 'ProtocolError', code: 'bad_frame' });

/** A map whose only value lies so many levels deep, the map counted. */
function deepMap(levels: number, unit: string): Buffer {
  return Buffer.concat([hex('81 a1 61'), Buffer.from(unit.repeat(levels - 1), 'hex'), hex('01')]);
}

function keys(names: readonly string[]): Buffer {
  const pairs = names.map((name) =>
    Buffer.concat([Buffer.of(0xa0 + name.length), Buffer.from(name), hex('01')]),
  );
  const head = Buffer.alloc(3, 0xde);
  head.writeUInt16BE(names.length, 1);
  return Buffer.concat([head, ...pairs]);
}

describe('F20: the structure check', () => {
  it.each(HOSTILE_PAYLOADS)('refuses $name', ({ bytes }) => {
    expect(() => checkStructure(bytes)).toThrow(BAD_FRAME);
  });

  it('refuses no bytes at all', () => {
    expect(() => checkStructure(new Uint8Array(0))).toThrow(BAD_FRAME);
  });

  it.each([...Array(256).keys()])('takes byte %d alone for a payload only if it is the empty map', (byte) => {
    const check = (): void => checkStructure(Uint8Array.of(byte));
    if (byte === 0x80) expect(check).not.toThrow();
    else expect(check).toThrow(BAD_FRAME);
  });

  it('refuses every truncation of a payload', () => {
    const payload = codec.encode({
      name: 'Ana',
      at: 1_700_000_000_000,
      list: [1, -1, 300, 70_000, 1.5, null, true, [], {}],
      bytes: new Uint8Array(300),
      long: 'x'.repeat(70_000),
      nested: { é: '😀', map: { deep: false } },
    });
    expect(() => checkStructure(payload)).not.toThrow();
    for (let length = 0; length < payload.length; length += length > 400 && length < 70_000 ? 997 : 1) {
      expect(() => checkStructure(payload.subarray(0, length))).toThrow(BAD_FRAME);
    }
  });

  it.each([
    ['arrays', '91'],
    ['maps', '81a161'],
    ['wide arrays', 'dc0001'],
    ['wide maps', 'df00000001a161'],
  ])('passes %s to the last allowed level, and none below it', (_, unit) => {
    expect(() => checkStructure(deepMap(MAX_DEPTH, unit))).not.toThrow();
    expect(() => checkStructure(deepMap(MAX_DEPTH + 1, unit))).toThrow(BAD_FRAME);
  });

  it('finds a key that stands twice, in small maps and in large ones', () => {
    for (const count of [2, 15, 16, 17, 18, 300]) {
      const names = Array.from({ length: count }, (_, index) => `key ${index}`);
      expect(() => checkStructure(keys(names))).not.toThrow();
      for (const index of [1, count >> 1, count - 1]) {
        const twice = names.with(index, names[0] as string);
        expect(() => checkStructure(keys(twice))).toThrow(BAD_FRAME);
      }
    }
  });

  it('passes one key in several maps, and keys that only begin alike', () => {
    checkStructure(hex('82 a1 61 81 a1 61 01 a2 61 61 92 81 a1 61 01 81 a1 61 01'));
    checkStructure(hex(`81 a8 ${Buffer.from('__proto_').toString('hex')} 01`));
    checkStructure(hex(`81 aa ${Buffer.from('__proto___').toString('hex')} 01`));
  });

  it.each([
    'c0',
    'c2',
    'c3',
    '7f',
    'e0',
    'cc ff',
    'cd ffff',
    'ce ffffffff',
    'cf ffffffffffffffff',
    'd0 80',
    'd1 8000',
  ])('passes the value %s', (value) => expect(() => checkStructure(mapOf(hex(value)))).not.toThrow());

  it.each([
    'd2 80000000',
    'd3 8000000000000000',
    'ca 7fc00000',
    'cb 7ff0000000000000',
    'c4 00',
    'c5 0001 ff',
  ])('passes the value %s', (value) => expect(() => checkStructure(mapOf(hex(value)))).not.toThrow());

  it('passes a MiB of empty containers, which is only large', () => {
    for (const [empty, value] of [
      [0x80, {}],
      [0x90, []],
    ] as const) {
      const count = 1024 * 1024;
      const head = hex('dd 00000000');
      head.writeUInt32BE(count, 1);
      const payload = mapOf(Buffer.concat([head, Buffer.alloc(count, empty)]));
      const { a } = codec.decode(payload) as { a: unknown[] };
      expect([a.length, a.at(-1)]).toEqual([count, value]);
    }
  });

  it('checks bytes that lie inside a larger buffer, and none around them', () => {
    const around = Buffer.concat([hex('c1 c1'), hex('81 a1 61 01'), hex('c1')]);
    expect(() => checkStructure(around.subarray(2, 6))).not.toThrow();
    expect(() => checkStructure(new Uint8Array(around).subarray(2, 6))).not.toThrow();
    expect(() => checkStructure(around.subarray(2, 5))).toThrow(BAD_FRAME);
  });

  it('lets no mutation of a payload through but as plain data', () => {
    const someMutation = fc.record({
      act: fc.constantFrom('set', 'insert', 'delete'),
      at: fc.nat(),
      byte: fc.oneof(
        fc.nat(255),
        fc.constantFrom(0x80, 0x81, 0x91, 0xa0, 0xc1, 0xc7, 0xd4, 0xd9, 0xdd, 0xdf),
      ),
    });
    let passed = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        somePayload,
        fc.array(someMutation, { minLength: 1, maxLength: 2 }),
        (payload, mutations) => {
          const bytes = [...codec.encode(payload)];
          for (const { act, at, byte } of mutations) {
            const place = at % (bytes.length + 1);
            if (act === 'delete') bytes.splice(place, 1);
            else bytes.splice(place, act === 'set' ? 1 : 0, byte);
          }
          // No bytes at all are an empty map, which the check is not asked about.
          if (bytes.length === 0) return;
          let decoded: unknown;
          try {
            decoded = codec.decode(Uint8Array.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
            expect(error).toMatchObject({ code: 'bad_frame' });
            // The decoder itself never refuses what the check has passed.
            expect(() => checkStructure(Uint8Array.from(bytes))).toThrow(BAD_FRAME);
            refused += 1;
            return;
          }
          passed += 1;
          expect(Array.isArray(decoded)).toBe(false);
          expect(strangeIn(decoded)).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
    expect(Math.min(passed, refused)).toBeGreaterThan(10);
  });
});
