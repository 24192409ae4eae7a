/** What a client is held to before anybody is known on its session, and what changes when somebody is. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { closed } from '../src/index.ts';
import type { ClientPortOptions, Session } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

async function open(port: Partial<ClientPortOptions> = {}) {
  const world = new World();
  const front = world.front(port);
  await front.start();
  const peer = await RawPeer.established(world);
  const [session] = front.sessions.values();
  if (session === undefined) throw new Error('a session is there');
  return { world, front, peer, session };
}

/** A frame whose `size` is exactly so large, of a topic that nobody takes. */
const frameOf = (size: number): Uint8Array => {
  const text = size - 8 - 6;
  const header = Buffer.from([0x81, 0xa1, 0x78, 0xda, text >> 8, text & 0xff]);
  return encodeFrame(999, FrameKind.message, {
    payload: Buffer.concat([header, Buffer.alloc(size - 8 - 6, 'x')]),
  });
};

describe('F19: a session that nobody is known on', () => {
  it('is closed as login_timeout 10 s after its hello', async () => {
    const { world, peer, session } = await open();
    await world.clock.advance(9_900);
    expect(session.state).toBe('established');
    await world.clock.advance(1_500);
    expect(peer.bye).toBe('login_timeout');
    expect(session.closedReason?.by).toBe('local');
  });

  it('is let live once a user or a member is known on it', async () => {
    for (const standing of ['user', 'member'] as const) {
      const { world, peer, session } = await open();
      session.admit(standing, 'alice');
      expect(session.admitted).toBe(true);
      expect(session.known(standing)).toBe('alice');
      for (let round = 0; round < 6; round += 1) {
        await world.clock.advance(9_000);
        await peer.send(encodeFrame(4, FrameKind.message));
      }
      expect(peer.gone).toBe(false);
    }
  });

  it('has the whole time again after the last one was dismissed, and not before', async () => {
    const { world, peer, session } = await open({ loginTimeoutMs: 4_000 });
    session.admit('user', 'alice');
    session.admit('member', 'alice');
    await world.clock.advance(5_000);
    session.dismiss('user');
    await world.clock.advance(6_000);
    expect(peer.gone).toBe(false);
    await peer.send(encodeFrame(4, FrameKind.message));
    session.dismiss('member');
    session.dismiss('member');
    expect(session.admitted).toBe(false);
    await world.clock.advance(3_900);
    expect(peer.gone).toBe(false);
    await world.clock.advance(1_500);
    expect(peer.bye).toBe('login_timeout');
  });

  it('may send frames of 4 KiB, and of 16 KiB while somebody is known', async () => {
    const { front, peer, session } = await open();
    await peer.send(frameOf(4 * 1024));
    expect(front.counters.refusedTopics).toBe(1);
    session.admit('user', 'alice');
    await peer.send(frameOf(4 * 1024 + 1));
    await peer.send(frameOf(16 * 1024));
    expect(front.counters.refusedTopics).toBe(3);
    expect(peer.gone).toBe(false);
    session.dismiss('user');
    await peer.send(frameOf(4 * 1024 + 1));
    expect(peer.bye).toBe('bad_frame');
  });

  it('is refused a frame over 16 KiB whoever is known', async () => {
    const { peer, session } = await open();
    session.admit('user', 'alice');
    await peer.send(frameOf(16 * 1024 + 1));
    expect(peer.bye).toBe('bad_frame');
  });

  it('is held to the limits that the port was given', async () => {
    const { world, peer } = await open({ loginTimeoutMs: 1_000, maxAnonymousFrameBytes: 100 });
    await peer.send(frameOf(101));
    expect(peer.bye).toBe('bad_frame');
    const other = await RawPeer.established(world);
    await world.clock.advance(2_000);
    expect(other.bye).toBe('login_timeout');
  });
});

describe('a session that has ended', () => {
  it('still says who was known on it, while nobody is admitted any more', async () => {
    const { front, session } = await open();
    session.admit('user', 'alice');
    session.admit('member', 'bob');
    const seen: unknown[] = [];
    front.sub(closed, (ended) => {
      seen.push([ended.known('user'), ended.known('member'), ended.admitted, ended.standings]);
    });
    session.close('kicked', 'a test');
    expect(seen).toEqual([['alice', 'bob', false, []]]);
    expect(session.known('user')).toBe('alice');
  });
});

describe('standings', () => {
  it('say what a session is known as: open, user, member, left', async () => {
    const { session } = await open();
    const seen = (change: (session: Session) => void): readonly string[] => {
      change(session);
      return session.standings;
    };
    expect(seen(() => undefined)).toEqual(['open']);
    expect(seen((of) => of.dismiss('member'))).toEqual(['open']);
    expect(seen((of) => of.admit('user', 'alice'))).toEqual(['open', 'user']);
    expect(seen((of) => of.admit('member', 'alice'))).toEqual(['open', 'user', 'member']);
    expect(seen((of) => of.admit('member', 'alice'))).toEqual(['open', 'user', 'member']);
    expect(seen((of) => of.dismiss('member'))).toEqual(['open', 'user', 'left']);
    expect(seen((of) => of.admit('member', 'alice'))).toContain('member');
    expect(seen((of) => of.close('kicked', 'a test'))).toEqual([]);
  });
});
