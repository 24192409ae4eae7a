/** What a source may register, and what a user may do, within an hour. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { SourceQuota } from '../src/source-quota.ts';
import { UserLimit } from '../src/user-limit.ts';

const HOUR_MS = 60 * 60_000;
const THROTTLED = { code: 'throttled' };

let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
});

describe('A17: what a user may do a few times an hour', () => {
  it('is done no more often in any hour, whenever it is asked for, and again when it says', () => {
    const waits = fc.array(fc.integer({ min: 0, max: HOUR_MS / 2 }), { maxLength: 30 });
    return fc.assert(
      fc.asyncProperty(waits, async (all) => {
        const limit = new UserLimit({ clock, most: 5, withinMs: HOUR_MS });
        const done: number[] = [];
        for (const waitMs of all) {
          await clock.advance(waitMs);
          const nowMs = clock.now();
          try {
            limit.take('ana');
            done.push(nowMs);
          } catch (error) {
            expect(error).toMatchObject(THROTTLED);
            const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
            await clock.advance(retryAfterMs - 1);
            expect(() => limit.take('ana')).toThrow(expect.objectContaining(THROTTLED));
            await clock.advance(1);
            limit.take('ana');
            done.push(clock.now());
          }
          for (const from of done)
            expect(done.filter((at) => at >= from && at < from + HOUR_MS).length).toBeLessThanOrEqual(5);
        }
        limit.take('ben');
        await clock.advance(HOUR_MS);
        expect(clock.timers).toBe(0);
      }),
    );
  });
});

describe('A5: what a source may register', () => {
  const quota = (most = 3, remembered?: number): SourceQuota =>
    new SourceQuota({ clock, most, ...(remembered === undefined ? {} : { remembered }) });
  const done = (): Promise<string> => Promise.resolve('done');
  const fails = (): Promise<never> => Promise.reject(new Error('the name is taken'));

  async function spend(from: SourceQuota, networks: string[], times: number): Promise<void> {
    for (let nth = 0; nth < times; nth += 1) await from.spend(networks, done);
  }

  it('is so much at once, and as much within an hour, and nobody else waits for it', async () => {
    const registrations = quota();
    await spend(registrations, ['10.0.0.1'], 3);
    await expect(registrations.spend(['10.0.0.1'], done)).rejects.toMatchObject({
      ...THROTTLED,
      retryAfterMs: HOUR_MS / 3,
    });
    await expect(registrations.spend(['10.0.0.2'], done)).resolves.toBe('done');
    await clock.advance(HOUR_MS / 3);
    await expect(registrations.spend(['10.0.0.1'], done)).resolves.toBe('done');
    await expect(registrations.spend(['10.0.0.1'], done)).rejects.toMatchObject(THROTTLED);
  });

  it('is twice as much for a /56, and four times as much for a /48', async () => {
    const registrations = quota();
    const of = (nth: number): string[] => ['x::/48', `x:${Math.floor(nth / 2)}::/56`, `x:${nth}::/64`];
    await spend(registrations, of(0), 3);
    await expect(registrations.spend(of(0), done)).rejects.toMatchObject(THROTTLED);
    await spend(registrations, of(1), 3);
    await spend(registrations, of(2), 3);
    await spend(registrations, of(4), 3);
    await expect(registrations.spend(of(6), done)).rejects.toMatchObject(THROTTLED);
  });

  it('counts nothing that failed, and leaves no trace of it', async () => {
    const registrations = quota();
    for (let nth = 0; nth < 10; nth += 1)
      await expect(registrations.spend(['10.0.0.1'], fails)).rejects.toThrow('taken');
    expect(registrations.size).toBe(0);
    await spend(registrations, ['10.0.0.1'], 3);
  });

  it('is not more where many are asked for at once', async () => {
    const registrations = quota();
    const all = Array.from({ length: 10 }, () => registrations.spend(['10.0.0.1'], done));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('is remembered for no more networks than there is room for: newcomers wait', async () => {
    const registrations = quota(3, 4);
    await registrations.spend(['10.0.0.1'], done);
    await registrations.spend(['10.0.0.2'], done);
    await expect(registrations.spend(['10.0.0.3'], done)).rejects.toMatchObject(THROTTLED);
    await expect(registrations.spend(['10.0.0.1'], done)).resolves.toBe('done');
    expect(registrations.size).toBe(2);
    await clock.advance(HOUR_MS);
    await expect(registrations.spend(['10.0.0.3'], done)).resolves.toBe('done');
  });
});
