/**
 * F19: connections that nobody logs in on. One address can hold only so many, and the silent ones make room.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sourceOf } from '@lobby/net-frame';
import type { Session } from '../src/index.ts';
import { Strangers } from '../src/strangers.ts';
import { RawPeer } from './raw-peer.ts';
import { World } from './world.ts';

describe('F19: connections of one address that nobody is known on', () => {
  async function port(maxUnauthenticatedPerAddress: number) {
    const world = new World();
    const front = world.front({ maxUnauthenticatedPerAddress });
    await front.start();
    return { world, front };
  }

  it('the oldest silent one makes room for a new one, and is told why', async () => {
    const { world, front } = await port(2);
    const [first, second, third] = [
      await RawPeer.connect(world),
      await RawPeer.connect(world),
      await RawPeer.connect(world),
    ];
    await world.clock.settle();
    expect([first, second, third].map((peer) => peer.bye)).toEqual([
      'too_many_connections',
      undefined,
      undefined,
    ]);
    expect(front.traffic.closed.get('too_many_connections')).toBe(1);
  });

  it('one that has said hello is not put out: the new one is turned away', async () => {
    const { world, front } = await port(2);
    await RawPeer.established(world);
    await RawPeer.established(world);
    const late = await RawPeer.connect(world);
    await world.clock.settle();
    expect(late.bye).toBe('too_many_connections');
    expect(front.sessions.size).toBe(2);
  });

  it('one on which somebody is known takes no room', async () => {
    const { world, front } = await port(1);
    await RawPeer.established(world);
    for (const session of front.sessions.values()) session.admit('user', 'ana');
    const next = await RawPeer.established(world);
    await world.clock.settle();
    expect([front.sessions.size, next.bye]).toEqual([2, undefined]);
  });
});

describe('the strangers of a port', () => {
  type Step = { readonly act: 'connected' | 'welcomed' | 'known' | 'ended'; readonly who: number };
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('connected', 'connected', 'welcomed', 'known', 'ended'),
    who: fc.nat(40),
  });

  it('are never more of one source than allowed, and none is forgotten or kept', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
        const strangers = new Strangers(most);
        const here = new Map<number, Session>();
        const live = new Set<Session>();
        for (const { act, who } of steps) {
          const session = here.get(who);
          if (act === 'connected' && session === undefined) {
            const made = { remoteAddress: `10.0.0.${who % 3}:${who}` } as Session;
            here.set(who, made);
            live.add(made);
            const gone = strangers.connected(made);
            if (gone !== undefined) {
              expect(sourceOf(gone.remoteAddress)).toBe(sourceOf(made.remoteAddress));
              strangers.left(gone);
              live.delete(gone);
            }
          } else if (session !== undefined && live.has(session)) {
            if (act === 'welcomed') strangers.welcomed(session);
            else if (act !== 'connected') {
              strangers.left(session);
              live.delete(session);
            }
          }
          const sizes = new Map<string, number>();
          for (const one of live)
            sizes.set(sourceOf(one.remoteAddress), (sizes.get(sourceOf(one.remoteAddress)) ?? 0) + 1);
          expect(Math.max(0, ...sizes.values())).toBeLessThanOrEqual(most);
          expect(strangers.size).toBe(live.size);
        }
      }),
    );
  });
});
