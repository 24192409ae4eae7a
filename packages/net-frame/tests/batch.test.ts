/** Batches: the bytes of all frames in order, shared by those who wait for the same frames. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Batch } from '../src/batch.ts';

const batchOf = (nothing: Batch, frames: readonly Uint8Array[]): Batch =>
  frames.reduce((batch, frame) => batch.with(frame), nothing);

describe('frames that leave together', () => {
  test('the bytes are always those of the frames in their order, whatever was put together before', () => {
    const pool = fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 2, maxLength: 4 });
    const order = fc.array(fc.array(fc.nat(), { maxLength: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(pool, order, (frames, turns) => {
        const nothing = Batch.empty();
        for (const turn of turns) {
          const list = turn.map((nth) => frames[nth % frames.length] as Uint8Array);
          const batch = batchOf(nothing, list);
          expect(Buffer.from(batch.bytes).equals(Buffer.concat(list))).toBe(true);
          expect(batch.byteLength).toBe(batch.bytes.length);
        }
      }),
    );
  });

  test('who waits for the same frames waits for the same bytes in memory', () => {
    const nothing = Batch.empty();
    const [first, second] = [Buffer.from('one'), Buffer.from('two')];
    const batch = batchOf(nothing, [first, second]);
    expect(batchOf(nothing, [first, second])).toBe(batch);
    expect(batchOf(nothing, [second, first]).bytes).not.toBe(batch.bytes);
  });

  test('somebody who waits for one frame more does not part the others', () => {
    const nothing = Batch.empty();
    const [chat, reply, next] = [Buffer.from('chat'), Buffer.from('reply'), Buffer.from('next')];
    const [member, speaker, other] = [nothing.with(chat), nothing.with(chat).with(reply), nothing.with(chat)];
    const shared = member.with(next);
    expect(Buffer.from(speaker.with(next).bytes).toString()).toBe('chatreplynext');
    expect(other.with(next)).toBe(shared);
  });

  test('equal frames that are not the same ones are put together anew', () => {
    const nothing = Batch.empty();
    expect(nothing.with(Buffer.from('a'))).not.toBe(nothing.with(Buffer.from('a')));
  });

  test('one frame alone is not copied', () => {
    const frame = Buffer.from('alone');
    expect(Batch.empty().with(frame).bytes).toBe(frame);
  });

  test('frames that lie one behind the other are not copied, and are never more than themselves', () => {
    const sizes = fc.array(fc.nat(5), { minLength: 2, maxLength: 8 });
    const gaps = fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(9), sizes, gaps, (offset, lengths, holes) => {
        const slab = Buffer.from(Array.from({ length: 64 }, (_, nth) => nth));
        let at = offset;
        const frames = lengths.map((length, nth) => {
          at += holes[nth] ?? 0;
          return slab.subarray(at, (at += length));
        });
        const { bytes } = batchOf(Batch.empty(), frames);
        expect(Buffer.from(bytes)).toEqual(Buffer.concat(frames));
        const some = lengths.flatMap((length, nth) => (length > 0 ? [holes[nth]] : []));
        const isWhole = lengths.every((length) => length > 0) && some.slice(1).every((hole) => hole === 0);
        if (isWhole) expect(bytes.buffer).toBe(slab.buffer);
      }),
    );
  });

  test('nothing is kept once it was told to forget', () => {
    const nothing = Batch.empty();
    const frame = Buffer.from('a');
    const batch = nothing.with(frame);
    nothing.forget();
    expect(nothing.with(frame)).not.toBe(batch);
  });
});
