/** The layout of one frame, against bytes written by hand. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, MAX_SEQ, decodeFrame, encodeFrame } from '../src/index.ts';
import { FIXTURES, bytesOf, plain } from './fixtures.ts';

const SINGLE = FIXTURES.filter(({ frames }) => frames.length === 1);

describe('encodeFrame', () => {
  it.each(SINGLE)('writes $name as its bytes', ({ hex, frames }) => {
    for (const { topic, kind, seq, payload } of frames) {
      const bytes = encodeFrame(topic, kind, { seq, payload: bytesOf(payload) });
      expect(Buffer.from(bytes).toString('hex')).toBe(bytesOf(hex).toString('hex'));
    }
  });

  it('writes a message of no payload where only topic and kind are given', () => {
    expect(Buffer.from(encodeFrame(4, FrameKind.message)).toString('hex')).toBe('000000080004000000000000');
  });

  it('copies the payload', () => {
    const payload = Buffer.from([1, 2, 3]);
    const bytes = encodeFrame(1, FrameKind.call, { seq: MAX_SEQ, payload });
    payload.fill(0);
    expect([...bytes.subarray(12)]).toEqual([1, 2, 3]);
  });
});

describe('decodeFrame', () => {
  it.each(SINGLE)('reads $name', ({ hex, frames }) => {
    const frame = decodeFrame(bytesOf(hex));
    expect(frame === undefined ? undefined : plain(frame)).toEqual(frames[0]);
  });

  it('reads a frame that lies inside a larger buffer', () => {
    const around = Buffer.concat([Buffer.from([9, 9, 9]), bytesOf('00000009 00cc 02 00 00000001 80')]);
    const frame = decodeFrame(new Uint8Array(around).subarray(3));
    expect(frame === undefined ? undefined : plain(frame)).toMatchObject({ topic: 204, payload: '80' });
  });

  it.each([
    ['nothing', ''],
    ['a part of a header', '00000008 0004 00 00 000000'],
    ['less than the size says', '00000009 0004 00 00 00000000'],
    ['more than the size says', '00000008 0004 00 00 00000000 00'],
    ['two frames', '00000008 0004 00 00 00000000 00000008 0004 00 00 00000000'],
  ])('takes %s for no frame', (_, hex) => {
    expect(decodeFrame(bytesOf(hex))).toBeUndefined();
  });
});
