/** A quiet session lives for as long as both ends do; one whose other end is gone does not. */
import { describe, expect, it } from '@jest/globals';
import { net } from '@lobby/protocol';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

describe('heartbeats', () => {
  it('keep a quiet session of a client alive for an hour', async () => {
    const world = new World();
    const { near, far } = await world.open(world.front(), world.client());
    far.admit('user', 'alice');
    await world.clock.advance(3_600_000);
    expect([near.state, far.state]).toEqual(['established', 'established']);
  });

  it('keep a quiet link between services alive for an hour', async () => {
    const world = new World();
    const { near, far } = await world.open(world.back({ sessions: { heartbeatMs: 20_000 } }), world.link());
    await world.clock.advance(3_600_000);
    expect([near.state, far.state]).toEqual(['established', 'established']);
  });

  it('are asked for after one heartbeat of silence and answered at once', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const peer = await RawPeer.established(world);
    for (const session of front.sessions.values()) session.admit('user', 'alice');
    await peer.say(net.ping, {});
    expect(peer.frames.at(-1)?.topic).toBe(net.pong.number);
    const before = peer.frames.length;
    await world.clock.advance(11_000);
    expect(peer.frames.slice(before).map(({ topic }) => topic)).toEqual([net.ping.number]);
    await peer.say(net.pong, {});
    await world.clock.advance(25_000);
    expect(peer.gone).toBe(false);
  });

  it('end a session whose other end is silent for three of them', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const peer = await RawPeer.established(world);
    for (const session of front.sessions.values()) session.admit('user', 'alice');
    await world.clock.advance(29_000);
    expect(peer.gone).toBe(false);
    await world.clock.advance(3_000);
    expect(peer.bye).toBe('heartbeat_timeout');
  });

  it('are kept by the link as the acceptor asks for them', async () => {
    const world = new World();
    const back = world.back({ sessions: { heartbeatMs: 500 } });
    const { near } = await world.open(back, world.link());
    await world.clock.advance(60_000);
    expect(near.state).toBe('established');
    expect(back.traffic.framesReceived).toBeGreaterThan(60);
  });

  it('hold nothing against the other side when it was this process that stood still', async () => {
    const world = new World();
    const { near, far } = await world.open(world.back(), world.link());
    await world.clock.stall(60_000);
    await world.clock.advance(10_000);
    expect([near.state, far.state]).toEqual(['established', 'established']);
  });
});
