/**
 * How a connection between services opens: who does not hold the cluster's secret says and hears no topic.
 */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { decodePayload, encodeMessage, net, serviceNet, serviceProof } from '@lobby/protocol';
import { closed, established } from '../src/index.ts';
import type { ServerPulse } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { NONCE, helloTo } from './service-hello.ts';
import { BACK, MASTER, RUNNER, SECRET, World, byteByByte } from './world.ts';
import { reported } from './topics.ts';

const WRONG = Buffer.from('some other secret');

async function startedBack(world: World): Promise<{ readonly back: ServerPulse; readonly seen: string[] }> {
  const back = world.back();
  const seen: string[] = [];
  back
    .sub(established, (session) => void seen.push(`established ${session.peer?.node}`))
    .sub(reported, (_, { name }) => void seen.push(`reported ${name}`))
    .sub(closed, (_, { code, by }) => void seen.push(`closed ${code} ${by}`));
  await back.start();
  return { back, seen };
}

describe('F31: the service port', () => {
  it('challenges first, and welcomes a proof with its own', async () => {
    const world = new World();
    const { back, seen } = await startedBack(world);
    const peer = await RawPeer.connect(world, BACK);
    expect(peer.frames.map(({ topic }) => topic)).toEqual([net.challenge.number]);
    await peer.say(serviceNet.hello, helloTo(peer, SECRET));
    const welcome = decodePayload(serviceNet.welcome, peer.frames[1]?.payload ?? Buffer.alloc(0));
    expect(welcome).toMatchObject({ v: 1, heartbeat: 2_000, ...MASTER });
    expect(Buffer.from(welcome.proof)).toEqual(Buffer.from(serviceProof(SECRET, MASTER, NONCE)));
    expect(seen).toEqual(['established runner-1']);
    const [session] = back.sessions.values();
    expect(session?.peer).toEqual(RUNNER);
    expect(session?.key).toBe(welcome.session);
  });

  it('draws a fresh nonce for every connection', async () => {
    const world = new World();
    await startedBack(world);
    const [one, two] = [await RawPeer.connect(world, BACK), await RawPeer.connect(world, BACK)];
    await two.say(serviceNet.hello, helloTo(one, SECRET));
    expect(two.bye).toBe('bad_proof');
  });

  it('closes on a wrong proof, and takes no topic that came with it', async () => {
    const world = new World();
    const { seen } = await startedBack(world);
    const peer = await RawPeer.connect(world, BACK);
    const hello = encodeMessage(serviceNet.hello, helloTo(peer, WRONG));
    await peer.send(Buffer.concat([hello, encodeMessage(reported, { name: 'mallory', epoch: 1 })]));
    expect(peer.bye).toBe('bad_proof');
    expect(peer.gone).toBe(true);
    expect(seen).toEqual([]);
  });

  it('closes on a wrong identity under a right proof of another', async () => {
    const world = new World();
    await startedBack(world);
    const peer = await RawPeer.connect(world, BACK);
    await peer.say(serviceNet.hello, { ...helloTo(peer, SECRET), node: 'runner-2' });
    expect(peer.bye).toBe('bad_proof');
  });

  it.each([
    ['a topic instead of the hello', encodeMessage(reported, { name: 'ana', epoch: 1 }), 'bad_hello'],
    ["a client's hello", encodeMessage(net.hello, { v: 1 }), 'bad_hello'],
    ['a hello that is a call', encodeFrame(1, FrameKind.call, { seq: 1 }), 'bad_hello'],
    [
      'a version that is not spoken',
      encodeMessage(serviceNet.hello, { v: 2, ...RUNNER, nonce: NONCE, proof: Buffer.alloc(32) }),
      'bad_version',
    ],
    [
      'a proof that is too short',
      encodeMessage(serviceNet.hello, { v: 1, ...RUNNER, nonce: NONCE, proof: Buffer.alloc(31) }),
      'bad_hello',
    ],
  ])('closes on %s', async (_, bytes, code) => {
    const world = new World();
    const { seen } = await startedBack(world);
    const peer = await RawPeer.connect(world, BACK);
    await peer.send(bytes);
    expect(peer.bye).toBe(code);
    expect(seen).toEqual([]);
    expect(world.log.errors).toEqual([]);
  });

  it('closes on silence when the time for the hello is over', async () => {
    const world = new World();
    const { seen } = await startedBack(world);
    const peer = await RawPeer.connect(world, BACK);
    await world.clock.advance(4_900);
    expect(peer.gone).toBe(false);
    await world.clock.advance(1_000);
    expect(peer.bye).toBe('hello_timeout');
    expect(seen).toEqual([]);
  });
});

describe('F31: the service link', () => {
  it('opens byte by byte, and both know who the other is', async () => {
    const world = new World({ split: byteByByte });
    const { near, far } = await world.open(world.back(), world.link());
    expect(near.peer).toEqual(MASTER);
    expect(far.peer).toEqual(RUNNER);
    expect(near.remoteKey).toBe(far.key);
  });

  it('closes on an acceptor that can not prove itself: established is never told', async () => {
    const world = new World();
    const [peers, link] = [await RawPeer.listen(world, BACK), world.link({}, { reconnect: false })];
    const seen: string[] = [];
    link.sub(established, () => void seen.push('established'));
    link.start();
    await world.clock.settle();
    const [peer] = peers;
    await peer?.say(net.challenge, { nonce: NONCE });
    const { nonce } = decodePayload(serviceNet.hello, peer?.frames[0]?.payload ?? Buffer.alloc(0));
    const welcome = { v: 1, session: 1, heartbeat: 2_000, ...MASTER };
    await peer?.say(serviceNet.welcome, { ...welcome, proof: serviceProof(WRONG, MASTER, nonce) });
    expect(peer?.bye).toBe('bad_proof');
    expect(link.lastFault).toContain('bad_proof');
    expect(seen).toEqual([]);
  });

  it('closes on an acceptor that speaks another version', async () => {
    const world = new World();
    const [peers, link] = [await RawPeer.listen(world, BACK), world.link({}, { reconnect: false })];
    link.start();
    await world.clock.settle();
    const [peer] = peers;
    await peer?.say(net.challenge, { nonce: NONCE });
    const { nonce } = decodePayload(serviceNet.hello, peer?.frames[0]?.payload ?? Buffer.alloc(0));
    const welcome = { v: 2, session: 1, heartbeat: 2_000, ...MASTER };
    await peer?.say(serviceNet.welcome, { ...welcome, proof: serviceProof(SECRET, MASTER, nonce) });
    expect(peer?.bye).toBe('bad_version');
  });

  it.each([
    [
      'a welcome without a challenge',
      encodeMessage(net.welcome, { v: 1, session: 1, heartbeat: 1, node: 'n' }),
      'bad_hello',
    ],
    ['a nonce of the wrong length', encodeMessage(net.challenge, { nonce: Buffer.alloc(15) }), 'bad_hello'],
    ['a topic', encodeMessage(reported, { name: 'ana', epoch: 1 }), 'bad_hello'],
  ])('closes on %s first', async (_, bytes, code) => {
    const world = new World();
    const [peers, link] = [await RawPeer.listen(world, BACK), world.link({}, { reconnect: false })];
    link.start();
    await world.clock.settle();
    await peers[0]?.send(bytes);
    expect(peers[0]?.bye).toBe(code);
  });

  it('is never established by a process that accepts and is silent, nor by one that only challenges', async () => {
    const world = new World();
    const [peers, link] = [await RawPeer.listen(world, BACK), world.link()];
    const seen: string[] = [];
    link.sub(established, () => void seen.push('established'));
    link.start();
    await world.clock.settle();
    await peers[0]?.say(net.challenge, { nonce: NONCE });
    await world.clock.advance(3_500);
    expect(peers[0]?.bye).toBe('hello_timeout');
    await world.clock.advance(3_500 + 2_000);
    expect(peers[1]?.bye).toBe('hello_timeout');
    expect(seen).toEqual([]);
    expect(link.lastFault).toContain('hello_timeout');
  });

  it('meets an acceptor of another secret again and again, and neither side is ever established', async () => {
    const world = new World();
    const { seen } = await startedBack(world);
    const link = world.link({ secret: WRONG });
    link.sub(established, () => void seen.push('established link'));
    link.start();
    await world.clock.advance(10_000);
    expect(seen).toEqual([]);
    expect(link.lastFault).toContain('bad_proof');
    expect(link.traffic.opened).toBeGreaterThan(3);
  });
});
