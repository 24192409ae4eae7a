/** How ends reach the log: the operator learns of broken limits, and no number of peers floods the log. */
import { describe, expect, it } from '@jest/globals';
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

  it('is counted, not told, when too many come at once; the next line says how many', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    for (let n = 0; n < 200; n += 1) await RawPeer.connect(world);
    await world.clock.advance(7_000);
    expect(front.traffic.closed.get('hello_timeout')).toBe(200);
    // They are ended within a second that may be parts of two on the clock.
    expect(told(world).length).toBeGreaterThanOrEqual(50);
    expect(told(world).length).toBeLessThanOrEqual(100);
    await RawPeer.connect(world);
    await world.clock.advance(7_000);
    const leftOut = told(world).map(({ fields }) => (fields as { notLoggedBefore?: number }).notLoggedBefore);
    expect(leftOut.reduce<number>((sum, many) => sum + (many ?? 0), told(world).length)).toBe(201);
  });
});
