/**
 * F19: connections that nobody logs in on. One address can hold only so many, and the oldest makes room. The
 * rules for all addresses together are in net-frame's tests of places; over real sockets they are in
 * `crowded-ports.test.ts`.
 */
import { describe, expect, it } from '@jest/globals';
import { closed } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

describe('F19: connections of one address that nobody is known on', () => {
  async function port(maxUnauthenticatedPerAddress: number) {
    const world = new World();
    const front = world.front({ maxUnauthenticatedPerAddress });
    await front.start();
    return { world, front };
  }

  it('the oldest makes room for a new one, silent or not, and is told why', async () => {
    const { world, front } = await port(2);
    const peers = [await RawPeer.established(world), await RawPeer.connect(world)];
    const ends: string[] = [];
    front.sub(closed, (_, { code }) => void ends.push(code));
    peers.push(await RawPeer.connect(world), await RawPeer.connect(world));
    await world.clock.settle();
    expect(peers.map((peer) => peer.bye)).toEqual([
      'too_many_connections',
      'too_many_connections',
      undefined,
      undefined,
    ]);
    expect(ends).toEqual(['too_many_connections']);
    expect(front.traffic.closed.get('too_many_connections')).toBe(2);
    expect([front.unauthenticated, front.madeRoom, front.connectionsRefused]).toEqual([2, 2, 0]);
  });

  it('one on which somebody is known takes no room, until it is dismissed', async () => {
    const { world, front } = await port(1);
    const first = await RawPeer.established(world);
    const [session] = front.sessions.values();
    session?.admit('user', 'ana');
    const next = await RawPeer.established(world);
    expect([front.sessions.size, front.unauthenticated, next.bye]).toEqual([2, 1, undefined]);
    session?.dismiss('user');
    expect(front.unauthenticated).toBe(2);
    await RawPeer.connect(world);
    expect([first.bye, next.bye]).toEqual([undefined, 'too_many_connections']);
  });

  it('one that has ended is not counted any more', async () => {
    const { world, front } = await port(4);
    const peers = [await RawPeer.established(world), await RawPeer.connect(world)];
    for (const peer of peers) await peer.end();
    await world.clock.settle();
    expect(front.unauthenticated).toBe(0);
    expect(front.madeRoom).toBe(0);
  });
});

describe('F26: a port that is full of those who are known', () => {
  it('turns a newcomer away, counts it, and tells the log once', async () => {
    const world = new World();
    const front = world.front({}, { maxConnections: 2 });
    await front.start();
    for (let nth = 0; nth < 2; nth += 1) await RawPeer.established(world);
    for (const session of front.sessions.values()) session.admit('user', 'ana');
    const late = [await RawPeer.connect(world), await RawPeer.connect(world)];
    expect(late.map(({ gone }) => gone)).toEqual([true, true]);
    expect([front.sessions.size, front.connectionsRefused, front.madeRoom]).toEqual([2, 2, 0]);
    const lines = world.log.lines.filter(({ level }) => level === 'info');
    expect(lines.map(({ fields }) => fields['code'])).toEqual(['too_many_connections']);
  });
});
