/**
 * A31: a session that does not read what it gets is read no further: what it asks for waits with it, and it
 * is not cut for what it may ask.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeldPipe } from './held-pipe.ts';
import { frameOf, newBench } from './session-bench.ts';
import type { Bench } from './session-bench.ts';

const ANSWER_BYTES = 100;
const OPTIONS = { readUntilUnsentBytes: 250, maxUnsentBytes: 1_000 };

/** A session that answers each frame that it reads with one of 100 bytes. */
function answering(pipe: HeldPipe): Bench {
  return newBench(
    OPTIONS,
    (session, told) => ({
      frame: ({ topic }) => {
        told.push(`frame ${topic}`);
        session.send(frameOf(topic, ANSWER_BYTES - 12));
      },
    }),
    pipe,
  );
}

function asked(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, nth) => frameOf(100 + nth)));
}

describe('A31: a session whose answers nobody reads', () => {
  it('is read until so much waits, and no further, not even what has come already', async () => {
    const { clock, pipe, told } = answering(new HeldPipe({ takesAll: false }));
    pipe.receive(asked(40));
    await clock.settle();
    expect(told).toEqual(['frame 100', 'frame 101', 'frame 102']);
    expect(pipe.paused).toBe(true);
  });

  it('is read on when all of it was read, and loses nothing', async () => {
    const { clock, pipe, told } = answering(new HeldPipe({ takesAll: false }));
    pipe.receive(asked(40));
    for (let turns = 0; turns < 20; turns += 1) {
      await clock.settle();
      pipe.take(pipe.unsentBytes);
    }
    await clock.settle();
    expect(told).toEqual(Array.from({ length: 40 }, (_, nth) => `frame ${100 + nth}`));
    expect(pipe.paused).toBe(false);
    expect(pipe.written.length).toBe(40 * ANSWER_BYTES);
  });

  it('answers all in order, however the network takes it, and never holds more than its bounds', async () => {
    const steps = fc.array(fc.oneof(fc.record({ frames: fc.nat(9) }), fc.record({ takes: fc.nat(900) })), {
      maxLength: 30,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(steps, async (moves) => {
        const { clock, pipe, told, session } = answering(new HeldPipe({ takesAll: false }));
        let count = 0;
        for (const move of moves) {
          if ('takes' in move) pipe.take(Math.min(move.takes, pipe.unsentBytes));
          // What is paused brings no more.
          else if (!pipe.paused && move.frames > 0) {
            const frames = Array.from({ length: move.frames }, (_, nth) => frameOf(100 + count + nth));
            count += move.frames;
            pipe.receive(Buffer.concat(frames));
          }
          await clock.settle();
          expect(session.unsentBytes).toBeLessThanOrEqual(OPTIONS.readUntilUnsentBytes + ANSWER_BYTES);
        }
        for (let turns = 0; turns < 400 && pipe.unsentBytes > 0; turns += 1) {
          pipe.take(pipe.unsentBytes);
          await clock.settle();
        }
        expect(told).toEqual(Array.from({ length: count }, (_, nth) => `frame ${100 + nth}`));
      }),
    );
  });
});

describe('A3: a session to which answers are promised', () => {
  const PROMISING = { ...OPTIONS, readUntilPromisedBytes: 500 };

  it('is read while they fit with what waits, and on when they have become answers', async () => {
    const { clock, pipe, told, session } = newBench(
      PROMISING,
      (wire, seen) => ({
        frame: ({ topic }) => {
          seen.push(`frame ${topic}`);
          wire.promisedBytes += ANSWER_BYTES;
        },
      }),
      new HeldPipe({ takesAll: true }),
    );
    pipe.receive(asked(20));
    await clock.settle();
    expect(told).toHaveLength(6);
    expect(pipe.paused).toBe(true);
    for (let answered = 1; answered <= 20; answered += 1) {
      session.send(frameOf(1, ANSWER_BYTES - 12));
      session.promisedBytes -= ANSWER_BYTES;
      await clock.settle();
      expect(told).toHaveLength(Math.min(20, 6 + answered));
    }
    expect(pipe.paused).toBe(false);
    expect(session.promisedBytes).toBe(0);
  });

  it('is let off no deadline by them', async () => {
    const { clock, pipe, session } = newBench(
      PROMISING,
      (wire) => ({ frame: () => void (wire.promisedBytes += 2 * ANSWER_BYTES) }),
      new HeldPipe({ takesAll: true }),
    );
    session.setDeadline(3_000, { code: 'login_timeout', message: 'a test', by: 'local' });
    pipe.receive(asked(20));
    await clock.advance(6_000);
    expect(session.closedReason?.code).toBe('login_timeout');
  });
});

describe('a frame that the other side does not accept', () => {
  it('is not sent, and changes nothing', async () => {
    const { clock, pipe, session } = newBench({ maxSentFrameBytes: 100 }, undefined, new HeldPipe());
    session.send(frameOf(1, 10));
    expect(() => session.send(frameOf(2, 100))).toThrow(expect.objectContaining({ code: 'frame_too_large' }));
    session.send(frameOf(3, 92));
    await clock.settle();
    expect(session.state).toBe('open');
    expect(pipe.written).toEqual(Buffer.concat([frameOf(1, 10), frameOf(3, 92)]));
  });

  it('is bounded by what may wait: limits that contradict each other are refused', () => {
    const bad = expect.objectContaining({ code: 'bad_option' });
    expect(() => newBench({ maxUnsentBytes: 100, maxSentFrameBytes: 101 })).toThrow(bad);
    const { session } = newBench({ maxUnsentBytes: 100 }, undefined, new HeldPipe());
    expect(() => session.send(frameOf(1, 120))).toThrow(expect.objectContaining({ code: 'frame_too_large' }));
  });
});
