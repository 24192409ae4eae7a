/**
 * What is legal fits: answers never end a session that reads them, whatever is asked at once; what is too
 * large is the failure of one call.
 */
import { describe, expect, it } from '@jest/globals';
import { FrameKind } from '@lobby/net-frame';
import { call, encodeCall, message, room } from '@lobby/protocol';
import type { Frame, Pipe } from '@lobby/net-frame';
import fc from 'fast-check';
import Type from 'typebox';
import type { ServerPulse } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { World, outcome } from './world.ts';

const Text = (maxLength: number) => Type.Object({ text: Type.String({ maxLength }) });
/** A call of a client whose answer is as large as a page of rooms may be. */
const large = call(1_931, 'test.req_large', {
  flow: 'client_to_front',
  payload: Type.Object({}),
  response: Text(16 * 1024),
});
/** The same without a bound, to a client and to a service. */
const free = call(1_933, 'test.req_free', {
  flow: 'client_to_front',
  payload: Type.Object({ text: Type.String() }),
  response: Type.Object({ text: Type.String() }),
});
const asked = call(1_935, 'test.req_asked', {
  flow: 'front_to_back',
  payload: Type.Object({ text: Type.String() }),
  response: Text(16 * 1024),
});
const saying = message(1_937, 'test.syn_saying', {
  flow: 'front_to_client',
  payload: Type.Object({ text: Type.String() }),
});

/** Of four bytes a character, as large as it may be. */
const PAGE = { text: '😀'.repeat(16_000) };
const MIB = 1024 * 1024;

function calls(from: number, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, nth) => encodeCall(large, from + nth, {})));
}

function delay({ clock }: World, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(ms, resolve));
}

/** A link to that back whose front can stop to read. */
async function linked(world: World, back: ServerPulse) {
  const pipes: Pipe[] = [];
  const connect = world.network.connect.bind(world.network);
  world.network.connect = async (options) => {
    const pipe = await connect(options);
    pipes.push(pipe);
    return pipe;
  };
  const ends = await world.open(back, world.link());
  const [peer] = pipes;
  if (peer === undefined) throw new Error('nothing was connected');
  return { ...ends, peer };
}

function kinds(frames: readonly Frame[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { kind, topic } of frames)
    if (topic === large.reply.number) counted[kind] = (counted[kind] ?? 0) + 1;
  return counted;
}

describe('too large to be sent', () => {
  it('is an answer: the failure of one call, counted as a fault of its handler', async () => {
    const world = new World();
    const front = world.front().answer(free, (_, { text }) => ({ text: text.repeat(100) }));
    const { near, far } = await world.open(front, world.client());
    const tooLarge = world.settled(near.call(free, { text: 'x'.repeat(3_000) }));
    await expect(tooLarge).rejects.toMatchObject({ code: 'internal', outcome: 'failure' });
    expect(front.counters.handlerErrors).toBe(1);
    expect(far.state).toBe('established');
    await expect(world.settled(near.call(free, { text: 'x' }))).resolves.toEqual({ text: 'x'.repeat(100) });
  });

  it('is an answer that is made later', async () => {
    const world = new World();
    const front = world.front().answer(free, async (_, { text }) => {
      await delay(world, 10);
      return { text: text.repeat(100) };
    });
    const { near, far } = await world.open(front, world.client());
    const tooLarge = outcome(near.call(free, { text: 'x'.repeat(3_000) }));
    await world.clock.advance(10);
    expect(tooLarge.error).toMatchObject({ code: 'internal' });
    expect(far.state).toBe('established');
    await world.clock.advance(10_000);
    expect(tooLarge.settled).toBe(1);
  });

  it('is a call: it was not sent, and its session stays', async () => {
    const world = new World();
    const front = world.front().answer(free, (_, { text }) => ({ text }));
    const { near, far } = await world.open(front, world.client());
    const tooLarge = world.settled(near.call(free, { text: 'x'.repeat(17_000) }));
    await expect(tooLarge).rejects.toMatchObject({ code: 'bad_request', outcome: 'refused' });
    expect(far.state).toBe('established');
  });

  it('is a message: whoever says it is told, and nobody gets it', async () => {
    const world = new World();
    const front = world.front();
    const { far } = await world.open(front, world.client());
    const text = 'x'.repeat(MIB);
    expect(() => far.send(saying, { text })).toThrow(expect.objectContaining({ code: 'frame_too_large' }));
    expect(() => front.sendAll([far], saying, { text })).toThrow(
      expect.objectContaining({ code: 'frame_too_large' }),
    );
    await world.clock.settle();
    expect(far.state).toBe('established');
  });

  it('is nothing of what the protocol says to a client', () => {
    // Two of the largest replies fit into what may wait for a client, so that one always does.
    const most = Object.values(room)
      .filter((topic) => 'mostReplyBytes' in topic)
      .filter(({ flow }) => flow === 'client_to_front')
      .map((topic) => (topic as { mostReplyBytes: number }).mostReplyBytes);
    expect(Math.max(...most)).toBeGreaterThan(0);
    for (const bytes of most) expect(bytes).toBeLessThanOrEqual(128 * 1024);
  });
});

describe('A3: a client that asks for much at once', () => {
  it('is served all of it, however slowly it reads, and is not cut off', async () => {
    const reading = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6, size: 'max' });
    await fc.assert(
      fc.asyncProperty(reading, fc.nat(20), fc.boolean(), async (batches, delayMs, later) => {
        const world = new World();
        const front = world.front({ rate: false });
        front.answer(large, later ? () => delay(world, delayMs).then(() => PAGE) : () => PAGE);
        await front.start();
        const peer = await RawPeer.established(world);
        let count = 0;
        for (const batch of batches) {
          peer.pause();
          await peer.send(calls(count + 1, batch));
          count += batch;
          await world.clock.advance(50);
          const [session] = front.sessions.values();
          expect(session?.unsentBytes).toBeLessThanOrEqual(256 * 1024);
          peer.resume();
          await world.clock.advance(50);
        }
        await world.clock.advance(count * (delayMs + 1));
        expect(peer.gone).toBe(false);
        expect(kinds(peer.frames)).toEqual({ [FrameKind.reply]: count });
        expect(peer.frames.slice(-count).map(({ seq }) => seq)).toEqual(
          later ? expect.any(Array) : Array.from({ length: count }, (_, nth) => nth + 1),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('is let off no deadline by it', async () => {
    const world = new World();
    const front = world.front({ rate: false, loginTimeoutMs: 3_000 });
    front.answer(large, () => new Promise(() => undefined));
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.send(calls(1, 20));
    await world.clock.advance(9_000);
    expect(peer.gone).toBe(true);
  });
});

describe('A4: a front that asks for more than it reads', () => {
  it('keeps its link: what is over the bound is refused before it is worked on', async () => {
    const world = new World();
    let worked = 0;
    const back = world.back().answer(asked, () => {
      worked += 1;
      return PAGE;
    });
    await back.start();
    const { near, far, peer } = await linked(world, back);
    peer.pause();
    const many = Array.from({ length: 600 }, () => outcome(near.call(asked, { text: '' })));
    await world.clock.settle();
    expect(worked).toBeLessThan(600);
    expect(far.unsentBytes).toBeLessThanOrEqual(9 * MIB);
    peer.resume();
    await world.clock.advance(1_000);
    expect(far.state).toBe('established');
    expect(many.filter(({ value }) => value !== undefined)).toHaveLength(worked);
    const refused = many.filter(({ error }) => error !== undefined);
    expect(refused).toHaveLength(600 - worked);
    for (const { error } of refused) expect(error).toMatchObject({ code: 'overloaded', mayHaveRun: false });
    expect(back.counters.overloaded).toBe(600 - worked);
    await expect(world.settled(near.call(asked, { text: '' }))).resolves.toEqual(PAGE);
  });

  it('gets no more answers that are made later than its link can hold', async () => {
    const world = new World();
    const go = Promise.withResolvers<void>();
    const back = world.back().answer(asked, async () => {
      await go.promise;
      return PAGE;
    });
    await back.start();
    const { near, far, peer } = await linked(world, back);
    const many = Array.from({ length: 2_000 }, () => outcome(near.call(asked, { text: '' })));
    await world.clock.settle();
    peer.pause();
    go.resolve();
    await world.clock.settle();
    expect(far.unsentBytes).toBeGreaterThan(16 * MIB);
    expect(far.state).toBe('established');
    peer.resume();
    await world.clock.advance(1_000);
    expect(far.state).toBe('established');
    expect(many.every(({ settled }) => settled === 1)).toBe(true);
    expect(many.some(({ error }) => error !== undefined)).toBe(true);
  });
});
