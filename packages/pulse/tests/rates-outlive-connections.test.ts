/** A user's rate is one over all connections that the user comes by, one after another or at once. */
import { describe, expect, it } from '@jest/globals';
import { auth, encodeCall, room } from '@lobby/protocol';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

const PAGE = { page: 1, pages: 0, total: 0, rooms: [] };

/** A front on which whoever says a name is that user, and pages are carried and counted. */
async function open() {
  const world = new World();
  const front = world.front({ loginTimeoutMs: 1_000_000 });
  const carried = new Map<string, number>();
  front
    .answer(auth.reqLogin, (session, { name = '' }) => {
      session.admit('user', name, name.toLowerCase());
      return { userId: name, name, token: 't' };
    })
    .answer(auth.reqLogout, (session) => {
      session.dismiss('user');
      return {};
    })
    .answer(room.reqPage, (session) => {
      const user = session.known('user')?.toLowerCase() ?? '';
      carried.set(user, (carried.get(user) ?? 0) + 1);
      return PAGE;
    });
  await front.start();
  return { world, front, carried };
}

async function login(world: World, name: string): Promise<RawPeer> {
  const peer = await RawPeer.established(world);
  await peer.ask(auth.reqLogin, 1, { name, password: 'long enough' });
  return peer;
}

const pages = (from: number, count: number): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, (_, nth) => encodeCall(room.reqPage, from + nth, { page: 1 })));

describe('A6: the rate of a user', () => {
  it('A6: is 30 a second over 100 reconnects of one account, however its name is spelled', async () => {
    const { world, carried } = await open();
    const beganAt = world.clock.now();
    for (let nth = 0; nth < 100; nth += 1) {
      const peer = await login(world, nth % 2 === 0 ? 'ana' : 'Ana');
      await peer.send(pages(2, 60));
      await world.clock.advance(100);
      await peer.end();
    }
    const seconds = (world.clock.now() - beganAt) / 1_000;
    expect(carried.get('ana')).toBeLessThanOrEqual(60 + 30 * seconds);
    expect(carried.get('ana')).toBeGreaterThan(((60 + 30 * seconds) * 2) / 3);
  });

  it('A6: is one where the connections are open at once', async () => {
    const { world, carried } = await open();
    const peers = [await login(world, 'ana'), await login(world, 'ana'), await login(world, 'ana')];
    for (const peer of peers) await peer.send(pages(2, 60));
    expect(carried.get('ana')).toBeLessThanOrEqual(60);
    await world.clock.advance(1_000);
    for (const peer of peers) await peer.send(pages(100, 60));
    expect(carried.get('ana')).toBeLessThanOrEqual(90);
  });

  it('A6: is told as ever, with the time to wait, to who comes again too soon', async () => {
    const { world } = await open();
    const first = await login(world, 'ana');
    await first.send(pages(2, 60));
    await first.end();
    const second = await login(world, 'ana');
    await second.send(pages(2, 1));
    expect(second.failureOf(2)).toMatchObject({ code: 'throttled', retryAfterMs: 34, mayHaveRun: false });
    await world.clock.advance(34);
    await second.send(pages(3, 1));
    expect(second.replyTo(3)).toBeDefined();
    await second.send(pages(4, 200));
    expect(second.bye).toBe('flood');
  });

  it('A6: stays as it is when the user logs out, and on a connection that goes on', async () => {
    const { world, carried } = await open();
    const peer = await login(world, 'ana');
    await peer.send(pages(2, 40));
    for (let seq = 100; seq < 140; seq += 2) {
      await peer.ask(auth.reqLogout, seq, {});
      await peer.ask(auth.reqLogin, seq + 1, { name: 'ana', password: 'long enough' });
    }
    await peer.send(pages(200, 60));
    expect(carried.get('ana')).toBeLessThanOrEqual(60);
    await peer.end();
    const next = await login(world, 'ana');
    await next.send(pages(2, 60));
    expect(carried.get('ana')).toBeLessThanOrEqual(60);
  });

  it('A6: is not touched by strangers, nor by others, and theirs not by it', async () => {
    const { world, carried } = await open();
    const ana = await login(world, 'ana');
    const strangers = await Promise.all(Array.from({ length: 5 }, () => RawPeer.established(world)));
    for (const stranger of strangers) await stranger.send(pages(1, 60));
    const ben = await login(world, 'ben');
    await ben.send(pages(2, 150));
    await ana.send(pages(2, 59));
    expect(carried.get('ana')).toBe(59);
    const stranger = await RawPeer.established(world);
    await stranger.send(pages(1, 1));
    expect(stranger.failureOf(1)?.code).toBe('unauthenticated');
  });

  it('A6: leaves nothing behind when the port is stopped', async () => {
    const { world, front } = await open();
    const peer = await login(world, 'ana');
    await peer.send(pages(2, 60));
    await peer.end();
    const stopped = front.stop();
    await world.clock.advance(1_000);
    await stopped;
    expect(world.clock.timers).toBe(0);
  });
});
