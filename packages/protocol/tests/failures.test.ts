/** A failure's way over the wire. */

import { describe, expect, it } from '@jest/globals';
import { FrameKind, decodeFrame } from '@lobby/net-frame';
import {
  FAILURE_CODES,
  Failure,
  decodeFailure,
  encodeFailure,
  isFailureCode,
  msgpackLiteCodec,
  room,
} from '../src/index.ts';
import type { FailureCode } from '../src/index.ts';

const codec = msgpackLiteCodec();
const REPLY = room.reqCreate.reply.number;

function overTheWire(failure: Failure): Failure {
  const frame = decodeFrame(encodeFailure(REPLY, 7, failure));
  expect(frame).toMatchObject({ topic: REPLY, kind: FrameKind.failure, seq: 7 });
  return decodeFailure(frame?.payload ?? new Uint8Array(0));
}

describe('a failure', () => {
  it.each(Object.keys(FAILURE_CODES) as FailureCode[])('of %s arrives as it was thrown', (code) => {
    for (const details of [
      {},
      { retryAfterMs: 250 },
      { mayHaveRun: true },
      { retryAfterMs: 0, mayHaveRun: true },
    ]) {
      const thrown = new Failure(code, 'why, and what to do', details);
      expect(overTheWire(thrown)).toEqual(thrown);
      expect(overTheWire(thrown)).toBeInstanceOf(Failure);
    }
  });

  it('tells only what there is to tell', () => {
    const bytes = encodeFailure(REPLY, 7, new Failure('room_full', 'full'));
    expect(codec.decode(bytes.subarray(12))).toEqual({ code: 'room_full', message: 'full' });
  });

  it('of a code that nobody knows arrives as internal', () => {
    for (const code of ['of_tomorrow', 'toString', '__proto__']) {
      const arrived = decodeFailure(codec.encode({ code, message: 'something' }));
      expect([arrived.code, arrived.message]).toEqual(['internal', 'something']);
      expect(isFailureCode(code)).toBe(false);
    }
  });

  it('has its message cut, so that every reader takes it', () => {
    expect(overTheWire(new Failure('internal', 'x'.repeat(5_000))).message).toBe('x'.repeat(1_000));
    const cutInside = overTheWire(new Failure('internal', `x${'😀'.repeat(1_000)}`));
    expect(cutInside.message.startsWith('x😀')).toBe(true);
  });

  it('asks for whole milliseconds, rounded up', () => {
    expect(overTheWire(new Failure('throttled', 'wait', { retryAfterMs: 33.2 })).retryAfterMs).toBe(34);
  });

  it('of the wrong shape is refused as bad_request', () => {
    for (const payload of [
      {},
      { code: 'internal' },
      { code: 7, message: '' },
      { code: 'internal', message: '', retryAfter: -1 },
    ]) {
      expect(() => decodeFailure(codec.encode(payload))).toThrow(
        expect.objectContaining({ code: 'bad_request' }),
      );
    }
  });
});
