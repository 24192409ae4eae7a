/** A client that sends faster than it may: told to wait first, put out when it goes on. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { auth, encodeCall } from '@lobby/protocol';
import { RawPeer } from './raw-peer.ts';
import { said } from './topics.ts';
import { World } from './world.ts';

const ALICE = { name: 'alice', password: 'long enough' };

/** Calls number `from` to `to`, in one write. */
const calls = (from: number, to: number): Uint8Array =>
  Buffer.concat(
    Array.from({ length: to - from + 1 }, (_, index) => encodeCall(auth.reqRegister, from + index, ALICE)),
  );

async function open() {
  const world = new World();
  const front = world.front({ loginTimeoutMs: 1_000_000 });
  let taken = 0;
  front
    .answer(auth.reqRegister, () => {
      taken += 1;
      return { userId: 'u' };
    })
    .sub(said, () => void (taken += 1));
  await front.start();
  return { world, front, peer: await RawPeer.established(world), taken: () => taken };
}

describe('F23: a client that sends faster than it may', () => {
  it('gets its burst, then throttled with the time to wait, after which it is served again', async () => {
    const { world, front, peer, taken } = await open();
    await peer.send(calls(1, 61));
    expect(taken()).toBe(60);
    expect(peer.replyTo(60)).toBeDefined();
    const failure = peer.failureOf(61);
    expect(failure).toMatchObject({ code: 'throttled', retryAfterMs: 34, mayHaveRun: false });
    expect(front.counters.throttled).toBe(1);
    await world.clock.advance(failure?.retryAfterMs ?? 0);
    await peer.send(calls(62, 63));
    expect(peer.replyTo(62)).toBeDefined();
    expect(peer.failureOf(63)?.code).toBe('throttled');
  });

  it('has its messages dropped and counted, unanswered', async () => {
    const { front, peer, taken } = await open();
    await peer.send(calls(1, 60));
    const before = peer.frames.length;
    await peer.say(said, { name: 'ana', epoch: 1 });
    expect(taken()).toBe(60);
    expect(peer.frames.length).toBe(before);
    expect(front.counters.throttled).toBe(1);
  });

  it('is closed as flood when it goes on at once', async () => {
    const { peer } = await open();
    await peer.send(calls(1, 60 + 119));
    expect(peer.gone).toBe(false);
    await peer.send(calls(180, 180));
    expect(peer.bye).toBe('flood');
    expect(peer.gone).toBe(true);
  });

  it('is closed as flood when it goes on at a steady ten times of what it may', async () => {
    const { world, peer, taken } = await open();
    for (let tick = 0; tick < 100 && !peer.gone; tick += 1) {
      await peer.send(calls(1 + 10 * tick, 10 * (tick + 1)));
      await world.clock.advance(1_000 / 30);
    }
    expect(peer.bye).toBe('flood');
    expect(taken()).toBeLessThan(100);
  });

  it('is never closed for as long as it waits as it is told', async () => {
    const { world, front, peer } = await open();
    await peer.send(calls(1, 60));
    for (let seq = 61; seq < 600; seq += 1) {
      await peer.send(calls(seq, seq));
      await world.clock.advance(peer.failureOf(seq)?.retryAfterMs ?? 0);
    }
    expect(front.counters.throttled).toBeGreaterThan(200);
    expect(peer.gone).toBe(false);
  });

  it('does not touch the others', async () => {
    const { world, peer } = await open();
    const other = await RawPeer.established(world);
    await peer.send(calls(1, 500));
    await other.send(calls(1, 1));
    expect(peer.gone).toBe(true);
    expect(other.replyTo(1)).toBeDefined();
  });

  it('may send as it likes where the port has no limit', async () => {
    const world = new World();
    const front = world.front({ rate: false }).sub(said, () => undefined);
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.send(Buffer.concat(Array.from({ length: 2_000 }, () => encodeFrame(4, FrameKind.message))));
    expect(front.counters.throttled).toBe(0);
    expect(peer.gone).toBe(false);
  });
});
