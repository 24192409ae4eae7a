/**
 * The reader: the cuts between chunks change nothing, and a bad header is refused as soon as it can be known.
 */
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { FrameKind, FrameReader, NetFrameError, encodeFrame } from '../src/index.ts';
import type { Frame } from '../src/index.ts';
import { FIXTURES, bytesOf, plain } from './fixtures.ts';
import type { PlainFrame } from './fixtures.ts';

const LIMIT = 1024;

function readAll(chunks: Iterable<Uint8Array>, maxFrameBytes = LIMIT): PlainFrame[] {
  const frames: PlainFrame[] = [];
  const reader = new FrameReader(maxFrameBytes, (frame) => frames.push(plain(frame)));
  // Every chunk is wiped when it was read, as a socket may use its memory again.
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk);
    reader.push(own);
    own.fill(0xee);
  }
  expect(reader.partial).toBe(false);
  return frames;
}

function cut(bytes: Uint8Array, ...places: number[]): Uint8Array[] {
  const ends = [...places.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

function errorOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a frame reader', () => {
  describe.each(FIXTURES)('given $name', ({ hex, frames }) => {
    const bytes = bytesOf(hex);
    const places = Array.from({ length: bytes.length + 1 }, (_, place) => place);

    it('reads it whole', () => {
      expect(readAll([bytes])).toEqual(frames);
    });

    it('reads it byte by byte', () => {
      expect(readAll(cut(bytes, ...places.slice(1, -1)))).toEqual(frames);
    });

    it('reads it cut in two at every place', () => {
      for (const place of places) expect(readAll(cut(bytes, place))).toEqual(frames);
    });

    it('reads it cut in three at every two places', () => {
      for (const first of places) {
        for (const second of places.slice(first)) {
          expect(readAll(cut(bytes, first, second))).toEqual(frames);
        }
      }
    });
  });

  it('reads what the encoder wrote, wherever it was cut', () => {
    const someFrame = fc
      .record({
        topic: fc.nat(0xffff),
        kind: fc.constantFrom(...Object.values(FrameKind)),
        seq: fc.integer({ min: 1, max: 0xffff_ffff }),
        payload: fc.uint8Array({ maxLength: 300 }),
      })
      .map((frame) => (frame.kind === FrameKind.message ? { ...frame, seq: 0 } : frame));
    const someFrames = fc.array(someFrame, { maxLength: 8 });
    fc.assert(
      fc.property(someFrames, fc.array(fc.nat(), { maxLength: 12 }), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ topic, kind, ...rest }) => encodeFrame(topic, kind, rest)));
        const places = cuts.map((place) => place % (bytes.length + 1));
        expect(readAll(cut(bytes, ...places))).toEqual(frames.map(plain));
      }),
    );
  });

  it('reads a chunk that is a view into a larger buffer', () => {
    const around = new Uint8Array(40).fill(0xaa);
    around.set(bytesOf('00000009 00cc 02 00 00000001 80'), 7);
    expect(readAll([around.subarray(7, 20)])).toHaveLength(1);
  });

  it('hands a frame that lies whole in a chunk out as a view of the chunk', () => {
    const chunk = bytesOf('00000009 00cc 02 00 00000001 80');
    let within = false;
    new FrameReader(LIMIT, ({ payload }) => {
      within = payload.buffer === chunk.buffer && payload.byteOffset === chunk.byteOffset + 12;
    }).push(chunk);
    expect(within).toBe(true);
  });

  it('tells each frame in an object of its own', () => {
    const held: Frame[] = [];
    const reader = new FrameReader(LIMIT, (frame) => held.push(frame));
    reader.push(bytesOf('00000009 00cc 02 00 00000001 80'));
    reader.push(bytesOf('00000008 00cd 01 00 00000002'));
    expect(held.map(({ topic, kind, seq }) => [topic, kind, seq])).toEqual([
      [0xcc, 2, 1],
      [0xcd, 1, 2],
    ]);
    expect(held[0]?.payload).toEqual(bytesOf('80'));
  });

  it('is partial from the first byte of a frame to its last', () => {
    const reader = new FrameReader(LIMIT, () => undefined);
    const told = [...bytesOf('00000009 00cc 02 00 00000001 80')].map((byte) => {
      reader.push(Uint8Array.of(byte));
      return reader.partial;
    });
    expect(told).toEqual([...Array<boolean>(12).fill(true), false]);
  });

  describe('F18: refuses as bad_frame', () => {
    const bad: [string, string, number, RegExp][] = [
      ['a size of 0', '00000000', 4, /size 0 /],
      ['a size of 7', '00000007', 4, /size 7 /],
      ['a size over the limit', '00000401', 4, /size 1025 .*limit of 1024/],
      ['the largest size', 'ffffffff', 4, /size 4294967295 /],
      ['an unknown kind', '00000008 0004 04 00 00000001', 12, /kind 4 /],
      ['the largest kind', '00000008 0004 ff 00 00000001', 12, /kind 255 /],
      ['a flag', '00000008 0004 00 01 00000000', 12, /flags are 1/],
      ['a seq on a message', '00000008 0004 00 00 00000001', 12, /seq 1/],
      ['a call without a seq', '00000008 00cb 01 00 00000000', 12, /seq 0/],
      ['a reply without a seq', '00000008 00cc 02 00 00000000', 12, /seq 0/],
      ['a failure without a seq', '00000008 00cc 03 00 00000000', 12, /seq 0/],
    ];

    it.each(bad)('%s', (_, hex, __, message) => {
      const error = errorOf(() => new FrameReader(LIMIT, () => undefined).push(bytesOf(hex)));
      expect(error).toBeInstanceOf(NetFrameError);
      expect(error).toMatchObject({ code: 'bad_frame', message: expect.stringMatching(message) });
    });

    it.each(bad)('%s, as soon as its bytes are there, however they come', (_, hex, knownAfter) => {
      const bytes = bytesOf(hex);
      for (let place = 0; place < knownAfter; place += 1) {
        const reader = new FrameReader(LIMIT, () => undefined);
        reader.push(bytes.subarray(0, place));
        expect(() => reader.push(bytes.subarray(place, knownAfter))).toThrow(NetFrameError);
      }
    });

    it.each(bad)('%s, after the good frames before it', (_, hex) => {
      const frames: PlainFrame[] = [];
      const reader = new FrameReader(LIMIT, (frame) => frames.push(plain(frame)));
      const good = bytesOf('00000008 0004 00 00 00000000');
      expect(() => reader.push(Buffer.concat([good, good, bytesOf(hex)]))).toThrow(NetFrameError);
      expect(frames).toHaveLength(2);
    });
  });

  it('takes a frame of exactly the limit', () => {
    const frame = encodeFrame(1, FrameKind.message, { payload: new Uint8Array(LIMIT - 8) });
    expect(readAll([frame])).toHaveLength(1);
    expect(readAll(cut(frame, 4, 500))).toHaveLength(1);
  });

  it('takes memory for the bytes that came, never for a length that was declared', () => {
    const taken = jest.spyOn(Buffer, 'allocUnsafe');
    try {
      const reader = new FrameReader(0xffff_ffff, () => undefined);
      reader.push(bytesOf('ffffffff 0001 00 00 00000000'));
      let came = 12;
      for (const bytes of [1, 10, 100, 1_000, 10_000]) {
        reader.push(new Uint8Array(bytes));
        came += bytes;
        expect(Math.max(...taken.mock.calls.map(([size]) => size))).toBeLessThanOrEqual(64 + 2 * came);
      }
      expect([reader.partial, taken.mock.calls.length > 1]).toEqual([true, true]);
    } finally {
      taken.mockRestore();
    }
  });

  it('holds a new limit from the next header on', () => {
    const small = encodeFrame(1, FrameKind.message, { payload: new Uint8Array(10) });
    const large = encodeFrame(2, FrameKind.message, { payload: new Uint8Array(100) });
    const topics: number[] = [];
    const reader: FrameReader = new FrameReader(50, ({ topic }) => {
      topics.push(topic);
      reader.maxFrameBytes = topic === 1 ? 200 : 50;
    });
    reader.push(Buffer.concat([small, large]));
    expect(topics).toEqual([1, 2]);
    expect(() => reader.push(large)).toThrow(/limit of 50/);
  });

  it('finishes a frame whose header was within the limit that held when it came', () => {
    const frame = encodeFrame(1, FrameKind.message, { payload: new Uint8Array(100) });
    for (const place of [12, 50]) {
      let read = 0;
      const reader = new FrameReader(200, () => (read += 1));
      reader.push(frame.subarray(0, place));
      reader.maxFrameBytes = 50;
      reader.push(frame.subarray(place));
      expect(read).toBe(1);
    }
  });

  it('reads nothing more once it is stopped, not even from the same chunk', () => {
    const topics: number[] = [];
    const reader: FrameReader = new FrameReader(LIMIT, ({ topic }) => {
      topics.push(topic);
      if (topic === 2) reader.stop();
    });
    const frames = Buffer.concat([1, 2, 3].map((topic) => encodeFrame(topic, FrameKind.message)));
    const bad = bytesOf('00000000');
    reader.push(Buffer.concat([frames, bad]));
    reader.push(frames);
    reader.push(bad);
    expect(topics).toEqual([1, 2]);
    expect(reader.partial).toBe(false);
  });

  it('reads nothing more when it is stopped by a frame that came in two chunks', () => {
    const topics: number[] = [];
    const reader: FrameReader = new FrameReader(LIMIT, ({ topic }) => {
      topics.push(topic);
      reader.stop();
    });
    const frames = Buffer.concat([1, 2].map((topic) => encodeFrame(topic, FrameKind.message)));
    reader.push(frames.subarray(0, 5));
    reader.push(frames.subarray(5));
    reader.push(frames.subarray(5));
    expect(topics).toEqual([1]);
    expect(reader.partial).toBe(false);
  });
});
