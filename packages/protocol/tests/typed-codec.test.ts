import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import Type from 'typebox';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Clean } from 'typebox/value';
import { lobbyTopics, msgpackLiteCodec, serviceNet } from '../src/index.ts';
import { Cursor } from '../src/typed-codec/cursor.ts';
import { typedCodec } from '../src/typed-codec/typed-codec.ts';
import type { TypedCodec } from '../src/typed-codec/typed-codec.ts';
import { randomPayload as payload, textMapSchema } from './random-payloads.ts';

const general = msgpackLiteCodec();

/** Reads all of the bytes. */
function read(codec: TypedCodec, bytes: Uint8Array): object | undefined {
  return codec.read(bytes, 0, bytes.length);
}

function codecOf(schema: TSchema) {
  const codec = typedCodec(schema);
  if (codec === undefined) throw new Error('the schema has a shape');
  return codec;
}

describe('F20: the typed codec', () => {
  it('writes what the general codec reads, for random shapes and values', () => {
    fc.assert(
      fc.property(payload, ({ schema, value }) => {
        const bytes = codecOf(schema).write(value, 0);
        expect(bytes).toBeDefined();
        expect(general.decode(bytes as Uint8Array)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('reads what the general codec writes, for random shapes and values', () => {
    fc.assert(
      fc.property(payload, ({ schema, value }) => {
        expect(read(codecOf(schema), general.encode(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('reads the same wherever the bytes lie, and in whatever order the keys stand', () => {
    const around = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(payload, around, around, fc.array(fc.nat()), ({ schema, value }, before, after, places) => {
        const entries = Object.entries(value);
        for (const [nth, place] of places.entries())
          entries.splice(place % (entries.length + 1), 0, ...entries.splice(nth % (entries.length || 1), 1));
        const bytes = general.encode(Object.fromEntries(entries));
        const all = Buffer.concat([before, bytes, after]);
        const to = before.length + bytes.length;
        expect(codecOf(schema).read(all, before.length, to)).toEqual(value);
        // What stands behind them is not theirs.
        if (bytes.length > 1) expect(codecOf(schema).read(all, before.length, to - 1)).toBeUndefined();
      }),
    );
  });

  it('reads no text twice, however deep it lies, and however its keys are turned round', () => {
    const nested = (depth: number): TSchema =>
      depth === 0
        ? Type.String()
        : Type.Object({ first: Type.String(), inner: nested(depth - 1), last: Type.String() });
    const turned = (depth: number): unknown =>
      depth === 0 ? 'x' : { first: 'x', last: 'x', inner: turned(depth - 1) };
    const late = (depth: number): unknown =>
      depth === 0 ? 'x' : { inner: late(depth - 1), last: 'x', first: 'x' };
    const texts = jest.spyOn(Cursor.prototype, 'text');
    for (const value of [turned(8), late(8)]) {
      texts.mockClear();
      expect(read(codecOf(nested(8)), general.encode(value as object))).toEqual(value);
      expect(texts).toHaveBeenCalledTimes(17);
    }
    texts.mockRestore();
  });

  it('keeps what it has written, whatever is written after it, or fails to be', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: 'binary' }),
      fc.nat(90_000).map((n) => 'x'.repeat(n)),
    );
    const codec = codecOf(
      Type.Object({ text: Type.String(), more: Type.Optional(Type.Array(Type.Integer())) }),
    );
    const values = fc.record({ text, more: fc.array(fc.integer(), { maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(values, fc.nat(12)), { minLength: 2, maxLength: 30 }), (all) => {
        const written = all.map(([value, headBytes]) => {
          const bytes = codec.write(value, headBytes) as Uint8Array;
          bytes.fill(0xee, 0, headBytes);
          const again = general.encode(value);
          codec.write({ ...value, more: ['no number'] }, headBytes);
          return { bytes, expected: Buffer.concat([Buffer.alloc(headBytes, 0xee), again]) };
        });
        for (const { bytes, expected } of written) expect(Buffer.compare(bytes, expected)).toBe(0);
      }),
    );
  });

  it('takes no changed bytes that the general way refuses, and reads the others as it does', () => {
    const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(payload, change, fc.nat(8), ({ schema, value }, changes, cut) => {
        const bytes = Buffer.from(general.encode(value));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const mutant = bytes.subarray(0, bytes.length - Math.min(cut, bytes.length - 1));
        const taken = read(codecOf(schema), mutant);
        if (taken === undefined) return;
        const reference = general.decode(mutant);
        expect(Compile(schema).Check(reference)).toBe(true);
        expect(taken).toEqual(Clean(schema, reference));
        expect(Object.getPrototypeOf(taken)).toBe(Object.prototype);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a key that every object has', Type.Object({ constructor: Type.Optional(Type.Boolean()) })],
    ['raw bytes', Type.Object({ nonce: Type.Unsafe<Uint8Array>({}) })],
    ['a choice', Type.Object({ either: Type.Union([Type.Boolean(), Type.String()]) })],
    ['a text of a pattern', Type.Object({ name: Type.String({ pattern: '^a' }) })],
    ['a list', Type.Array(Type.Boolean())],
  ])('is not made for %s', (_, schema) => {
    expect(typedCodec(schema)).toBeUndefined();
  });

  it('leaves bytes before the payload to the caller', () => {
    const codec = codecOf(Type.Object({ a: Type.Integer() }));
    expect(
      Buffer.from(codec.write({ a: 5 }, 3) as Uint8Array)
        .subarray(3)
        .toString('hex'),
    ).toBe('81a16105');
  });

  const one = codecOf(
    Type.Object({ text: Type.String({ minLength: 2, maxLength: 4 }), n: Type.Optional(Type.Integer()) }),
  );

  it.each([
    ['a key twice', '82a474657874a26161a474657874a26161'],
    ['a key of no field', '82a474657874a26161a178c0'],
    ['a required key that is missing', '81a16e01'],
    ['another type', '81a4746578740a'],
    ['a text that is too short', '81a474657874a161'],
    ['a text that is too long', '81a474657874a56161616161'],
    ['a text that is not UTF-8', '81a474657874a2c328'],
    ['bytes behind the map', '81a474657874a2616100'],
    ['a map that is cut', '81a474657874a261'],
    ['a map of four milliards of entries', 'dfffffffff'],
    ['a text of four milliards of bytes', '81a474657874dbffffffff'],
    ['a number that is not whole', '82a474657874a26161a16ecb3ff8000000000000'],
    ['a number that is not safe', '82a474657874a26161a16ecf0020000000000001'],
    ['nothing at all', ''],
    ['an array', '90'],
  ])('leaves %s to the general codec', (_, hex) => {
    expect(read(one, Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('counts code points, not bytes', () => {
    const four = '👩‍👧a';
    expect([...four]).toHaveLength(4);
    expect(read(one, general.encode({ text: four }))).toEqual({ text: four });
    expect(read(one, general.encode({ text: `${four}b` }))).toBeUndefined();
  });

  it('counts code points of the keys of a map too, and the general way keeps the same keys', () => {
    const schema = Type.Object({ map: textMapSchema });
    const value = (characters: number) => ({ map: { ['😀'.repeat(characters)]: 'x' } });
    expect(read(codecOf(schema), general.encode(value(32)))).toEqual(value(32));
    expect(Clean(schema, value(32))).toEqual(value(32));
    expect(read(codecOf(schema), general.encode(value(33)))).toBeUndefined();
    expect(Compile(schema).Check(value(33))).toBe(false);
  });

  it('does not write a value of another type', () => {
    expect(one.write({ text: 7 }, 0)).toBeUndefined();
    expect(one.write({ text: 'ab', n: 1.5 }, 0)).toBeUndefined();
    expect(one.write({}, 0)).toBeUndefined();
  });

  it('takes a payload that is larger than its first buffer', () => {
    const codec = codecOf(Type.Object({ list: Type.Array(Type.String()) }));
    const value = { list: Array.from({ length: 2_000 }, (_, index) => `${index} ${'é'.repeat(100)}`) };
    expect(read(codec, codec.write(value, 0) as Uint8Array)).toEqual(value);
  });

  it('serves every topic of the lobby, those with raw bytes too', () => {
    const topics = [...lobbyTopics.topics, ...Object.values(serviceNet)];
    const general = topics.filter(({ typed }) => typed === undefined).map(({ name }) => name);
    expect(general).toEqual([]);
  });
});
