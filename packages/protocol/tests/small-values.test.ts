/** What is read without msgpack-lite is what msgpack-lite reads. */

import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import msgpack from 'msgpack-lite';
import { checkStructure, msgpackLiteCodec } from '../src/index.ts';
import { hex, mapOf } from '../src/testing/index.ts';

const codec = msgpackLiteCodec();

/**
 * First bytes of a format, with so many bytes of length behind it; 0 where the length is in the first byte.
 */
const TEXT_FORMATS = [
  [0xa0, 0],
  [0xd9, 1],
  [0xda, 2],
  [0xdb, 4],
] as const;
const BYTES_FORMATS = [
  [0xc4, 1],
  [0xc5, 2],
  [0xc6, 4],
] as const;

function written([first, lengthBytes]: readonly [number, number], content: Uint8Array): Buffer {
  const { length } = content;
  if (lengthBytes === 0) return Buffer.concat([Buffer.of(first + length), content]);
  const head = Buffer.alloc(1 + lengthBytes, first);
  head.writeUIntBE(length, 1, lengthBytes);
  return Buffer.concat([head, content]);
}

describe('a small value', () => {
  it('that is a text is read as msgpack-lite reads it, in every format', () => {
    const texts = fc
      .oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 7 }))
      .map((text) => Buffer.from(text.toWellFormed(), 'utf8'));
    fc.assert(
      fc.property(texts, fc.constantFrom(...TEXT_FORMATS), (content, format) => {
        const bytes = mapOf(written(format, content));
        expect(codec.decode(bytes)).toEqual(msgpack.decode(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', 'a', '\0', 'é', 'ab', '한', 'aé', 'éa', 'abc', '\uffff', 'ab한', '😀', '\ufeff'])(
    'that is the text %j comes back',
    (text) => {
      for (const format of TEXT_FORMATS)
        expect(codec.decode(mapOf(written(format, Buffer.from(text))))).toEqual({ a: text });
    },
  );

  it('that is bytes is a copy of them, in every format', () => {
    for (const format of BYTES_FORMATS) {
      for (const content of [hex(''), hex('01'), hex('00ff80')]) {
        const frame = mapOf(written(format, content));
        const { a } = codec.decode(frame);
        frame.fill(0);
        expect(a).toEqual(content);
        expect(Buffer.isBuffer(a)).toBe(true);
      }
    }
  });

  it('that is empty is a new one each time', () => {
    const { a } = codec.decode(hex('81a161948080 9090')) as { a: object[] };
    expect(a).toEqual([{}, {}, [], []]);
    expect(new Set(a).size).toBe(4);
  });

  it('is read from any view of bytes', () => {
    const bytes = hex('ff82a161a2c3a9a162da000161ff');
    expect(codec.decode(new Uint8Array(bytes).subarray(1, -1))).toEqual({ a: 'é', b: 'a' });
  });

  it('is followed by what stands behind it', () => {
    expect(codec.decode(hex('84a161a2c3a9 a162c401ff a163d90161 a16407'))).toEqual({
      a: 'é',
      b: hex('ff'),
      c: 'a',
      d: 7,
    });
  });
});

describe('a text of one, two or three bytes', () => {
  it('is taken exactly where it is UTF-8', () => {
    const wrong: string[] = [];
    const look = (content: Buffer): void => {
      let taken = true;
      try {
        checkStructure(mapOf(written([0xa0, 0], content)));
      } catch {
        taken = false;
      }
      if (taken !== isUtf8(content)) wrong.push(content.toString('hex'));
    };
    for (let one = 0x60; one <= 0xff; one += 1) {
      look(Buffer.of(one));
      for (let two = 0x70; two <= 0xff; two += 1) {
        look(Buffer.of(one, two));
        for (const three of [0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xe1]) look(Buffer.of(one, two, three));
      }
    }
    expect(wrong).toEqual([]);
  });
});
