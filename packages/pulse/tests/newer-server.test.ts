/** A link to a server that is newer than this side: what is not known here is counted, and nothing ends. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { auth, encodeMessage, msgpackLiteCodec, net, room } from '@lobby/protocol';
import type { Session } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { BACK, World } from './world.ts';

const MANY = 40;
const UNKNOWN = 30_001;
const codec = msgpackLiteCodec();

/** A server that has welcomed a client, and says what a test lets it say. */
async function welcomed(world: World): Promise<{ near: Session; server: RawPeer }> {
  const servers = await RawPeer.listen(world, BACK);
  const client = world.client({ address: BACK });
  client.sub(room.synChat, () => undefined);
  client.start();
  await world.clock.settle();
  const [server] = servers;
  await server?.say(net.welcome, { v: 1, session: 1, heartbeat: 10_000, node: 'tomorrow' });
  if (server === undefined || client.session === undefined) throw new Error('not welcomed');
  return { near: client.session, server };
}

describe('A27: a client', () => {
  it.each<[string, number, FrameKind, object]>([
    ['messages that it does not know', UNKNOWN, FrameKind.message, { a: 1 }],
    ['messages that it knows, of another shape', room.synChat.number, FrameKind.message, { text: 7 }],
    ['words of the net that it does not know', 9, FrameKind.message, {}],
    ['replies that it did not ask for', UNKNOWN, FrameKind.reply, {}],
    ['failures that it did not ask for', UNKNOWN, FrameKind.failure, { code: 'new', message: '' }],
    ['calls', UNKNOWN, FrameKind.call, {}],
  ])('lives with %s', async (_, topic, kind, payload) => {
    const world = new World();
    const { near, server } = await welcomed(world);
    const seq = kind === FrameKind.message ? 0 : 1;
    for (let count = 0; count < MANY; count += 1) await server.sendAny(topic, kind, { seq, payload });
    expect([near.state, server.bye]).toEqual(['established', undefined]);
  });

  it('lives with anything well-formed that a server may come to say, and goes on hearing what it knows', async () => {
    const unknown = fc.oneof(fc.integer({ min: 7, max: 15 }), fc.integer({ min: 16, max: 65_535 }));
    const frame = fc
      .record({
        topic: fc.oneof(unknown, fc.constantFrom(room.synChat.number, auth.reqLogin.reply.number)),
        kind: fc.constantFrom(FrameKind.message, FrameKind.call, FrameKind.reply, FrameKind.failure),
        payload: fc.dictionary(
          fc.stringMatching(/^[a-z]{1,4}$/),
          fc.oneof(fc.integer(), fc.string(), fc.boolean()),
        ),
      })
      .map(({ topic, kind, payload }) =>
        encodeFrame(topic, kind, { seq: kind === FrameKind.message ? 0 : 1, payload: codec.encode(payload) }),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { size: 'max', maxLength: 100 }), async (frames) => {
        const world = new World();
        const servers = await RawPeer.listen(world, BACK);
        const client = world.client({ address: BACK });
        const texts: string[] = [];
        client.sub(room.synChat, (_session, { text }) => void texts.push(text));
        client.start();
        await world.clock.settle();
        const [server] = servers;
        await server?.say(net.welcome, { v: 1, session: 1, heartbeat: 10_000, node: 'tomorrow' });
        await server?.send(Buffer.concat(frames));
        await server?.send(encodeMessage(room.synChat, { id: 1, from: 'ana', text: 'still here', at: 0 }));
        expect(client.session?.state).toBe('established');
        expect(texts.at(-1)).toBe('still here');
      }),
      { numRuns: 50 },
    );
  });

  it('counts what it did not take', async () => {
    const world = new World();
    const servers = await RawPeer.listen(world, BACK);
    const client = world.client({ address: BACK });
    client.sub(room.synChat, () => undefined);
    client.start();
    await world.clock.settle();
    const [server] = servers;
    await server?.say(net.welcome, { v: 1, session: 1, heartbeat: 10_000, node: 'tomorrow' });
    await server?.sendAny(UNKNOWN, FrameKind.message);
    await server?.sendAny(room.synChat.number, FrameKind.message, { payload: { text: 7 } });
    await server?.sendAny(UNKNOWN, FrameKind.reply, { seq: 3 });
    expect(client.counters).toMatchObject({ refusedTopics: 1, badRequests: 1, calls: { late: 1 } });
  });
});

describe('A27: a front', () => {
  it('lives with a newer master, and a master goes on counting what fronts say', async () => {
    const world = new World();
    const back = world.back();
    const { near, far } = await world.open(back, world.link());
    const unknown = encodeFrame(UNKNOWN, FrameKind.message, { payload: codec.encode({}) });
    for (let count = 0; count < MANY; count += 1) far.sendEncoded(unknown);
    await world.clock.settle();
    expect(near.state).toBe('established');
    for (let count = 0; count < MANY; count += 1) near.sendEncoded(unknown);
    await world.clock.settle();
    expect(near.closedReason).toMatchObject({ code: 'unknown_topic', by: 'remote' });
  });
});
