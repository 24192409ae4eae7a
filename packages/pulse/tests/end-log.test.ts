/** How ends reach the log: the operator learns of broken limits, and no number of peers floods the log. */
import { describe, expect, it, jest } from '@jest/globals';
import type { Session } from '../src/index.ts';
import { insideOf } from '../src/root-session.ts';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

/** Ends as the log tells them to the operator. */
const told = (world: World) =>
  world.log.lines.filter(({ level, message }) => level === 'info' && message === 'session closed');

describe('the end of a session', () => {
  it('that broke a limit is told to the operator: which one, from where, why', async () => {
    const world = new World();
    await world.front().start();
    await RawPeer.connect(world);
    await world.clock.advance(7_000);
    expect(told(world).map(({ fields }) => fields)).toEqual([
      {
        session: 1,
        remote: expect.stringContaining('front:'),
        code: 'hello_timeout',
        message: 'the connection was not opened within 5000 ms',
        by: 'local',
      },
    ]);
  });

  it('that the other side wished, or its network, is for debugging only', async () => {
    const world = new World();
    await world.front().start();
    const peer = await RawPeer.established(world);
    await peer.end();
    expect(told(world)).toEqual([]);
    expect(world.log.lines.at(-1)).toMatchObject({ level: 'debug', fields: { code: 'connection_lost' } });
  });

  it('is told with those of the second after it in one line, which says how many they were', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    for (let n = 0; n < 200; n += 1) await RawPeer.connect(world);
    await world.clock.advance(8_000);
    expect(front.traffic.closed.get('hello_timeout')).toBe(200);
    expect(told(world).length).toBeLessThanOrEqual(3);
    expect(told(world)[0]?.fields).not.toHaveProperty('more');
    expect(told(world).reduce((sum, { fields }) => sum + 1 + Number(fields['more'] ?? 0), 0)).toBe(200);
    const before = told(world).length;
    await RawPeer.connect(world);
    await world.clock.advance(7_000);
    expect(told(world).length).toBe(before + 1);
  });

  it('is told at the latest when the pulse stops, and no timer is left', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    for (let n = 0; n < 3; n += 1) await (await RawPeer.connect(world)).send(Buffer.alloc(12));
    expect(told(world).length).toBe(1);
    const stopped = front.stop();
    await world.clock.advance(10_000);
    await stopped;
    expect(told(world).map(({ fields }) => fields['more'])).toEqual([undefined, 1]);
    expect(world.clock.timers).toBe(0);
  });

  it('by a fault of this side is an error with what was thrown, of which the other side learns nothing', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const peer = await RawPeer.established(world);
    const [session] = front.sessions.values();
    const broken = insideOf(session as Session);
    jest.spyOn(broken, 'quiet').mockImplementation(() => {
      throw new Error('SELECT password FROM account');
    });
    broken.admit('user', 'ana');
    await world.clock.advance(12_000);
    expect(peer.bye).toBe('internal');
    expect(Buffer.concat(peer.frames.map(({ payload }) => payload)).toString()).not.toContain('SELECT');
    expect(world.log.errors.map(({ fields }) => fields['err'])).toEqual([
      new Error('SELECT password FROM account'),
    ]);
  });
});
