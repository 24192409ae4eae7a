/** Buckets that outlive connections: by kind and key, until they are full again. */
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import fc from 'fast-check';
import { Quotas } from '../src/quotas.ts';
import { SessionRate } from '../src/session-rate.ts';

const LIMIT = { perSecond: 30, burst: 60 };
const USERS = ['ana', 'ben'] as const;

/** What may happen to one of four sessions; each is a connection that may be replaced by a new one. */
type Step =
  | { readonly act: 'take'; readonly times: number }
  | { readonly act: 'pass'; readonly ms: number }
  | { readonly act: 'reconnect' }
  | { readonly act: 'admit'; readonly as: 'user' | 'member'; readonly user: string }
  | { readonly act: 'dismiss'; readonly as: 'user' | 'member' };

const step = fc.oneof<fc.WeightedArbitrary<Step>[]>(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('take'), times: fc.integer({ max: 80, min: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('pass'), ms: fc.integer({ max: 900, min: 0 }) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reconnect') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('admit'),
      as: fc.constantFrom('user', 'member'),
      user: fc.constantFrom(...USERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('dismiss'), as: fc.constantFrom('user', 'member') }),
  },
);

/** One connection, and who is known on it as what. */
interface Line {
  rate: SessionRate;
  user?: string | undefined;
  member?: string | undefined;
}

const whoCounts = ({ user, member }: Line): string | undefined =>
  user === undefined ? member && `member ${member}` : `user ${user}`;

describe('A6: buckets of those who are known', () => {
  it('A6: carry no more than burst and rate allow, over any reconnects, logins and logouts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), step), { size: 'max', maxLength: 120 }),
        async (steps) => {
          const clock = new VirtualClock();
          const quotas = new Quotas<'user' | 'member'>(clock, LIMIT);
          const lines: Line[] = Array.from({ length: 4 }, () => ({ rate: new SessionRate(quotas) }));
          const taken = new Map<string, number>();
          for (const [nth, one] of steps) {
            const line = lines[nth] as Line;
            if (one.act === 'pass') await clock.advance(one.ms);
            else if (one.act === 'reconnect') {
              line.rate.ended();
              lines[nth] = { rate: new SessionRate(quotas) };
            } else if (one.act === 'admit') {
              line[one.as] = one.user;
              line.rate.admitted(one.as, one.user);
            } else if (one.act === 'dismiss') {
              line[one.as] = undefined;
              line.rate.dismissed(one.as);
            } else {
              for (let left = one.times; left > 0; left -= 1) {
                if (line.rate.take(clock.now()) > 0) break;
                const who = whoCounts(line);
                if (who !== undefined) taken.set(who, (taken.get(who) ?? 0) + 1);
              }
            }
            const allowed = LIMIT.burst + (LIMIT.perSecond * clock.now()) / 1_000 + 1e-3;
            for (const count of taken.values()) expect(count).toBeLessThanOrEqual(allowed);
          }
          for (const { rate } of lines) rate.ended();
          await clock.advance(2_001);
          expect(quotas.size).toBe(0);
          expect(clock.timers).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('A6: are touched by nobody else, whatever the others and strangers do', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(100)), { size: 'max', maxLength: 60 }), (takes) => {
        const clock = new VirtualClock();
        const quotas = new Quotas<'user' | 'member'>(clock, LIMIT);
        const ana = new SessionRate(quotas);
        ana.admitted('user', 'ana');
        const ben = new SessionRate(quotas);
        ben.admitted('user', 'ben');
        const anaInRoom = new SessionRate(quotas);
        anaInRoom.admitted('member', 'ana');
        const others = [ben, anaInRoom, new SessionRate(quotas)];
        for (const [nth, times] of takes)
          for (let left = times; left > 0; left -= 1) others[nth]?.take(clock.now());
        const served = Array.from({ length: 61 }, () => ana.take(clock.now()));
        expect(served.slice(0, 60).every((waitMs) => waitMs === 0)).toBe(true);
        expect(served[60]).toBe(34);
      }),
    );
  });

  it('A6: give back by a login or a logout nothing that the connection has spent', async () => {
    const clock = new VirtualClock();
    const quotas = new Quotas<'user' | 'member'>(clock, LIMIT);
    const rate = new SessionRate(quotas);
    for (let nth = 0; nth < 60; nth += 1) expect(rate.take(clock.now())).toBe(0);
    rate.admitted('user', 'ana');
    expect(rate.take(clock.now())).toBe(34);
    rate.dismissed('user');
    expect(rate.take(clock.now())).toBe(34);
    rate.admitted('member', 'ana');
    expect(rate.take(clock.now())).toBe(34);
    await clock.advance(1_000);
    expect(Array.from({ length: 31 }, () => rate.take(clock.now())).filter((ms) => ms === 0)).toHaveLength(
      30,
    );
  });

  it('are forgotten when they are full again, and not before', async () => {
    const clock = new VirtualClock();
    const quotas = new Quotas<'user'>(clock, LIMIT);
    const first = quotas.hold('user', 'ana');
    first.bucket.lowerTo(0);
    quotas.release(first);
    await clock.advance(1_900);
    const again = quotas.hold('user', 'ana');
    expect(again.bucket).toBe(first.bucket);
    expect(again.bucket.tokens).toBeCloseTo(57);
    quotas.release(again);
    expect(quotas.size).toBe(1);
    await clock.advance(2_000);
    expect(quotas.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('are as many as there are holders: a full one that is let go is forgotten at once', () => {
    const quotas = new Quotas(new VirtualClock(), LIMIT);
    for (let nth = 0; nth < 1_000; nth += 1) quotas.release(quotas.hold('user', `user-${nth}`));
    expect(quotas.size).toBe(0);
  });

  it('keep kinds and keys apart, whatever is in them', () => {
    const quotas = new Quotas(new VirtualClock(), LIMIT);
    const one = quotas.hold('user', 'a b');
    const other = quotas.hold('user a', 'b');
    expect(one.bucket).not.toBe(other.bucket);
    expect(quotas.size).toBe(2);
  });
});
