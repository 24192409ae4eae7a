import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import { GUESS_LIMITS, GuessLimit } from '../src/guess-limit.ts';

const MINUTE = 60_000;

function limit(): {
  clock: VirtualClock;
  guesses: GuessLimit;
  fail: (name: string, address: string, times?: number) => Promise<void>;
  succeed: (name: string, address: string) => Promise<void>;
} {
  const clock = new VirtualClock();
  const guesses = new GuessLimit(clock, { ...GUESS_LIMITS, remembered: 50 });
  const wrong = (): Promise<never> => Promise.reject(new Failure('wrong_credentials', 'wrong'));
  const fail = async (name: string, address: string, times = 1): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      await expect(guesses.attempt(name, address, wrong)).rejects.toMatchObject({
        code: 'wrong_credentials',
      });
    }
  };
  const succeed = (name: string, address: string): Promise<void> =>
    guesses.attempt(name, address, () => Promise.resolve());
  return { clock, guesses, fail, succeed };
}

function waitOf(guesses: GuessLimit, name: string, address: string): number {
  try {
    guesses.check(name, address);
    return 0;
  } catch (error) {
    expect(error).toMatchObject({ code: 'throttled' });
    return (error as { retryAfterMs: number }).retryAfterMs;
  }
}

describe('F25: the limit of guesses', () => {
  it('lets four failures pass, and makes the fifth wait a minute, then two, then four, at most a quarter of an hour', async () => {
    const { clock, guesses, fail } = limit();
    await fail('ana', '10.0.0.1', 4);
    expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(0);
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      await fail('ana', '10.0.0.1');
      expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(minutes * MINUTE);
      await clock.advance(minutes * MINUTE);
      expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(0);
    }
  });

  it('makes neither another address wait nor another name', async () => {
    const { guesses, fail } = limit();
    await fail('ana', '10.0.0.1', 5);
    expect(waitOf(guesses, 'ana', '10.0.0.2')).toBe(0);
    expect(waitOf(guesses, 'ben', '10.0.0.1')).toBe(0);
    expect(waitOf(guesses, 'ANA', '10.0.0.1')).toBeGreaterThan(0);
  });

  it('forgets the failures of an address from which the right password came', async () => {
    const { guesses, fail, succeed } = limit();
    await fail('ana', '10.0.0.1', 4);
    await succeed('ana', '10.0.0.1');
    await fail('ana', '10.0.0.1', 4);
    expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(0);
  });

  it('makes unknown addresses wait where a name is tried from many, but not the user', async () => {
    const { clock, guesses, fail, succeed } = limit();
    await succeed('ana', '10.0.0.1');
    for (let host = 1; host <= 20; host += 1) await fail('ana', `10.9.9.${host}`);
    expect(waitOf(guesses, 'ana', '10.8.8.8')).toBe(60 * MINUTE);
    expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(0);
    await clock.advance(60 * MINUTE);
    expect(waitOf(guesses, 'ana', '10.8.8.8')).toBe(0);
  });

  it('counts attempts that are under way, so that many at once are no way round', async () => {
    const { guesses } = limit();
    const refuse: (() => void)[] = [];
    const slow = (): Promise<never> =>
      new Promise((_, reject) => refuse.push(() => reject(new Failure('wrong_credentials', 'wrong'))));
    const attempts = Array.from({ length: 8 }, () => guesses.attempt('ana', '10.0.0.1', slow));
    for (const one of refuse) one();
    const codes = (await Promise.allSettled(attempts)).map(
      (end) => (end as PromiseRejectedResult).reason as Failure,
    );
    expect(refuse).toHaveLength(5);
    expect(codes.map(({ code }) => code).filter((code) => code === 'throttled')).toHaveLength(3);
  });

  it('does not count what was no guess', async () => {
    const { guesses } = limit();
    const busy = (): Promise<never> => Promise.reject(new Failure('overloaded', 'later'));
    for (let count = 0; count < 40; count += 1) {
      await expect(guesses.attempt('ana', '10.0.0.1', busy)).rejects.toMatchObject({ code: 'overloaded' });
    }
    expect(waitOf(guesses, 'ana', '10.0.0.1')).toBe(0);
  });

  it('remembers a bounded number of names and addresses, the latest ones', async () => {
    const { guesses, fail } = limit();
    await fail('old', '10.0.0.1', 5);
    for (let name = 0; name < 50; name += 1) await fail(`name${name}`, '10.0.0.1', 5);
    expect(waitOf(guesses, 'old', '10.0.0.1')).toBe(0);
    expect(waitOf(guesses, 'name49', '10.0.0.1')).toBe(MINUTE);
  });
});
