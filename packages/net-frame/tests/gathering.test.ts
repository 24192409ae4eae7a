import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Gathering } from '../src/gathering.ts';

const total = (frames: readonly Uint8Array[]): number => frames.reduce((sum, frame) => sum + frame.length, 0);

describe('frames that leave together', () => {
  test('the bytes are always those of the frames in their order, whatever was gathered before', () => {
    const pool = fc.array(fc.uint8Array({ minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 });
    const order = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(pool, order, (frames, turns) => {
        const gathering = new Gathering();
        for (const turn of turns) {
          const list = turn.map((nth) => frames[nth % frames.length] as Uint8Array);
          const bytes = gathering.bytesOf(list, total(list));
          expect(Buffer.from(bytes).equals(Buffer.concat(list))).toBe(true);
        }
      }),
    );
  });

  test('the same frames for the next session are the same bytes in memory', () => {
    const gathering = new Gathering();
    const [first, second] = [Buffer.from('one'), Buffer.from('two')];
    const bytes = gathering.bytesOf([first, second], 6);
    expect(gathering.bytesOf([first, second], 6)).toBe(bytes);
    expect(gathering.bytesOf([second, first], 6)).not.toBe(bytes);
  });

  test('equal frames that are not the same ones are put together anew', () => {
    const gathering = new Gathering();
    const bytes = gathering.bytesOf([Buffer.from('a'), Buffer.from('b')], 2);
    expect(gathering.bytesOf([Buffer.from('a'), Buffer.from('b')], 2)).not.toBe(bytes);
  });

  test('one frame alone is not copied', () => {
    const frame = Buffer.from('alone');
    expect(new Gathering().bytesOf([frame], 5)).toBe(frame);
  });

  test('nothing is kept once it was told to forget', () => {
    const gathering = new Gathering();
    const list = [Buffer.from('a'), Buffer.from('b')];
    const bytes = gathering.bytesOf(list, 2);
    gathering.forget();
    expect(gathering.bytesOf(list, 2)).not.toBe(bytes);
  });
});
