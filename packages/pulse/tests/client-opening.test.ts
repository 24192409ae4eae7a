/** How a client's connection opens, and every way in which it does not. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { auth, decodePayload, encodeMessage, net } from '@lobby/protocol';
import { closed, established } from '../src/index.ts';
import type { ServerPulse } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { FRONT, World, byteByByte } from './world.ts';

/** What a front tells of its sessions. */
function listen(front: ServerPulse): string[] {
  const seen: string[] = [];
  front.sub(established, () => void seen.push('established'));
  front.sub(closed, (_, { code, by }) => void seen.push(`closed ${code} ${by}`));
  return seen;
}

async function startedFront(world: World): Promise<{ readonly front: ServerPulse; readonly seen: string[] }> {
  const front = world.front();
  const seen = listen(front);
  await front.start();
  return { front, seen };
}

describe('the client port', () => {
  it('welcomes a hello, and is established only then', async () => {
    const world = new World();
    const { front, seen } = await startedFront(world);
    const peer = await RawPeer.connect(world);
    expect(peer.frames).toEqual([]);
    expect(seen).toEqual([]);
    await peer.say(net.hello, { v: 1, agent: 'by hand' });
    expect(seen).toEqual(['established']);
    expect(peer.frames.map(({ topic }) => topic)).toEqual([net.welcome.number]);
    const [session] = front.sessions.values();
    expect(decodePayload(net.welcome, peer.frames[0]?.payload ?? Buffer.alloc(0))).toEqual({
      v: 1,
      session: session?.key,
      heartbeat: 10_000,
      node: 'front-1',
    });
  });

  it('opens byte by byte as it opens at once', async () => {
    const world = new World({ split: byteByByte });
    const front = world.front();
    const client = world.client();
    const { near, far } = await world.open(front, client);
    expect(near.state).toBe('established');
    expect(far.state).toBe('established');
    expect(near.remoteKey).toBe(far.key);
  });

  it.each([
    ['a first frame of another topic', encodeMessage(net.ping, {}), 'bad_hello'],
    ['a hello that is a call', encodeFrame(1, FrameKind.call, { seq: 1 }), 'bad_hello'],
    ['a call before the hello', encodeFrame(auth.reqLogin.number, FrameKind.call, { seq: 1 }), 'bad_hello'],
    ['a hello without a version', encodeFrame(1, FrameKind.message), 'bad_hello'],
    [
      'a hello that is no map',
      encodeFrame(1, FrameKind.message, { payload: Uint8Array.of(0x93) }),
      'bad_frame',
    ],
    ['a version that is not spoken', encodeMessage(net.hello, { v: 2 }), 'bad_version'],
    ['bytes that are no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'bad_frame'],
    ['a frame over 4 KiB', encodeFrame(1, FrameKind.message, { payload: Buffer.alloc(5_000) }), 'bad_frame'],
  ])('closes on %s, and tells no handler', async (_, bytes, code) => {
    const world = new World();
    const { front, seen } = await startedFront(world);
    const peer = await RawPeer.connect(world);
    await peer.send(bytes);
    expect(peer.bye).toBe(code);
    expect(peer.gone).toBe(true);
    expect(seen).toEqual([]);
    expect(front.sessions.size).toBe(0);
    expect(front.traffic.closed.get(code)).toBe(1);
    expect(world.log.errors).toEqual([]);
  });

  it('closes on silence when the time for the hello is over', async () => {
    const world = new World();
    const { seen } = await startedFront(world);
    const peer = await RawPeer.connect(world);
    await world.clock.advance(4_900);
    expect(peer.gone).toBe(false);
    await world.clock.advance(1_500);
    expect(peer.bye).toBe('hello_timeout');
    expect(peer.gone).toBe(true);
    expect(seen).toEqual([]);
  });

  it('lets go of a peer that says bye, or is gone, before its hello', async () => {
    const world = new World();
    const { front, seen } = await startedFront(world);
    const polite = await RawPeer.connect(world);
    await polite.say(net.bye, { code: 'client_closed', message: 'changed my mind' });
    const rude = await RawPeer.connect(world);
    await rude.end();
    expect(polite.gone).toBe(true);
    expect(polite.frames).toEqual([]);
    expect(seen).toEqual([]);
    expect(Object.fromEntries(front.traffic.closed)).toEqual({ client_closed: 1, connection_lost: 1 });
  });

  it('takes a second hello for a frame that it does not take', async () => {
    const world = new World();
    const { front, seen } = await startedFront(world);
    const peer = await RawPeer.established(world);
    await peer.say(net.hello, { v: 1 });
    expect(seen).toEqual(['established']);
    expect(front.counters.refusedTopics).toBe(1);
    expect(peer.gone).toBe(false);
  });

  it('is not established where its welcome could not be sent', async () => {
    const world = new World();
    const front = world.front({ sessions: { maxUnsentBytes: 8 } });
    const seen = listen(front);
    await front.start();
    const peer = await RawPeer.connect(world);
    await peer.say(net.hello, { v: 1 });
    expect(peer.gone).toBe(true);
    expect(seen).toEqual([]);
    expect(front.sessions.size).toBe(0);
  });
});

describe('the client link', () => {
  it('says hello first, and is established by the welcome', async () => {
    const world = new World();
    const [peers, client] = [await RawPeer.listen(world, FRONT), world.client()];
    const seen: string[] = [];
    client.sub(established, () => void seen.push('established'));
    client.start();
    await world.clock.settle();
    const [peer] = peers;
    expect(decodePayload(net.hello, peer?.frames[0]?.payload ?? Buffer.alloc(0))).toEqual({
      v: 1,
      agent: 'test',
    });
    expect(client.session).toBeUndefined();
    await peer?.say(net.welcome, { v: 1, session: 77, heartbeat: 9_000, node: 'by hand' });
    expect(seen).toEqual(['established']);
    expect(client.session?.remoteKey).toBe(77);
    expect(client.lastFault).toBeUndefined();
  });

  it.each([
    ['another topic first', encodeMessage(net.ping, {}), 'bad_hello'],
    ['a welcome that is ill-typed', encodeFrame(2, FrameKind.message), 'bad_hello'],
    [
      'a version that is not spoken',
      encodeMessage(net.welcome, { v: 9, session: 1, heartbeat: 1_000, node: 'n' }),
      'bad_version',
    ],
    ['bytes that are no frame', Buffer.from('220 mail.example ESMTP\r\n'), 'bad_frame'],
  ])('closes on %s', async (_, bytes, code) => {
    const world = new World();
    const [peers, client] = [await RawPeer.listen(world, FRONT), world.client({ reconnect: false })];
    const seen: string[] = [];
    client.sub(established, () => void seen.push('established'));
    client.start();
    await world.clock.settle();
    await peers[0]?.send(bytes);
    expect(peers[0]?.bye).toBe(code);
    expect(client.lastFault).toContain(code);
    expect(seen).toEqual([]);
  });

  it('is never established by a server that accepts and is silent, and tries again', async () => {
    const world = new World();
    const [peers, client] = [await RawPeer.listen(world, FRONT), world.client()];
    const seen: string[] = [];
    client.sub(established, () => void seen.push('established'));
    client.start();
    await world.clock.advance(60_000);
    expect(seen).toEqual([]);
    expect(client.session).toBeUndefined();
    expect(client.lastFault).toContain('hello_timeout');
    expect(peers.length).toBeGreaterThan(5);
    expect(peers[0]?.bye).toBe('hello_timeout');
  });
});
