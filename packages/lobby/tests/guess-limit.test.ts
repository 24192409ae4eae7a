/** Who may guess at whose password, how often, and what is remembered of it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import { GUESS_LIMITS, GuessLimit } from '../src/guess-limit.ts';
import type { Guess, GuessLimits } from '../src/guess-limit.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** What is told where there is no room. */
const NO_ROOM = 30 * SECOND;

class Guessing {
  readonly clock = new VirtualClock();
  readonly limit: GuessLimit;

  constructor(limits: Partial<GuessLimits> = {}) {
    this.limit = new GuessLimit(this.clock, { ...GUESS_LIMITS, ...limits });
  }

  /** What becomes of a try: nothing, the code of its failure, or the wait that it is told. */
  async try(guess: Guess, outcome: 'right' | 'wrong' | 'overloaded' = 'wrong'): Promise<string | number> {
    const tryIt = async (): Promise<void> => {
      if (outcome === 'wrong') throw new Failure('wrong_credentials', 'wrong');
      if (outcome === 'overloaded') throw new Failure('overloaded', 'later');
    };
    try {
      await this.limit.attempt(guess, tryIt);
      return 'right';
    } catch (error) {
      const { code, retryAfterMs } = error as Failure;
      return code === 'throttled' ? (retryAfterMs ?? 0) : code;
    }
  }

  async fail(guess: Guess, times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) expect(await this.try(guess)).toBe('wrong_credentials');
  }

  /** How long the next try would have to wait, found out without one. */
  async waitOf(guess: Guess): Promise<number> {
    const told = await this.try(guess, 'overloaded');
    return told === 'overloaded' ? 0 : Number(told);
  }
}

/** A try from an address that the user has never logged in from. */
function stranger(name: string, ...networks: string[]): Guess {
  return { name, networks, isKnown: false };
}

/** A try from an address that the user has logged in from. */
function home(name: string, ...networks: string[]): Guess {
  return { name, networks, isKnown: true };
}

describe('F25: the limit of guesses', () => {
  it.each([
    ['known', home('ana', '10.0.0.1')],
    ['unknown', stranger('ana', '10.0.0.1')],
  ])(
    'lets four failures from a source that is %s pass, then makes it wait a minute, two, four, at most a quarter of an hour',
    async (_, guess) => {
      const guessing = new Guessing();
      await guessing.fail(guess, 4);
      expect(await guessing.waitOf(guess)).toBe(0);
      for (const minutes of [1, 2, 4, 8, 15, 15]) {
        await guessing.fail(guess, 1);
        expect(await guessing.waitOf(guess)).toBe(minutes * MINUTE);
        await guessing.clock.advance(minutes * MINUTE);
        expect(await guessing.waitOf(guess)).toBe(0);
      }
    },
  );

  it('makes neither another address wait nor another name', async () => {
    const guessing = new Guessing();
    await guessing.fail(stranger('ana', '10.0.0.1'), 5);
    expect(await guessing.waitOf(stranger('ana', '10.0.0.2'))).toBe(0);
    expect(await guessing.waitOf(stranger('ben', '10.0.0.1'))).toBe(0);
    expect(await guessing.waitOf(stranger('ANA', '10.0.0.1'))).toBeGreaterThan(0);
  });

  it('forgets the failures of a source from which the right password came', async () => {
    const guessing = new Guessing();
    const guess = home('ana', '10.0.0.1');
    await guessing.fail(guess, 4);
    expect(await guessing.try(guess, 'right')).toBe('right');
    await guessing.fail(guess, 4);
    expect(await guessing.waitOf(guess)).toBe(0);
  });

  it('forgives one failure a quarter of an hour', async () => {
    const guessing = new Guessing();
    const guess = home('ana', '10.0.0.1');
    await guessing.fail(guess, 4);
    await guessing.clock.advance(30 * MINUTE);
    await guessing.fail(guess, 2);
    expect(await guessing.waitOf(guess)).toBe(0);
    await guessing.fail(guess, 1);
    expect(await guessing.waitOf(guess)).toBe(MINUTE);
  });

  it('has room for as many tries at once as there are left, so that many at once are no way round', async () => {
    const { limit } = new Guessing();
    const refuse: (() => void)[] = [];
    const slow = (): Promise<never> =>
      new Promise((_, reject) => refuse.push(() => reject(new Failure('wrong_credentials', 'wrong'))));
    const attempts = Array.from({ length: 8 }, () => limit.attempt(home('ana', '10.0.0.1'), slow));
    for (const one of refuse) one();
    const codes = (await Promise.allSettled(attempts)).map(
      (end) => (end as PromiseRejectedResult).reason as Failure,
    );
    expect(refuse).toHaveLength(5);
    expect(codes.map(({ code }) => code).filter((code) => code === 'throttled')).toHaveLength(3);
  });
});

describe('A5: a try that waits or is refused for want of room', () => {
  it('counts for nothing, and nothing is left of it', async () => {
    const guessing = new Guessing();
    for (const guess of [home('ana', '10.0.0.1'), stranger('ana', '10.0.0.2')])
      for (let count = 0; count < 300; count += 1)
        expect(await guessing.try(guess, 'overloaded')).toBe('overloaded');
    expect(guessing.limit.size).toBe(0);
  });

  it('makes nobody wait for a wrong password that was none: those who are too many come back at once', async () => {
    const guessing = new Guessing();
    const guess = home('ana', '10.0.0.1');
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = Array.from({ length: 5 }, () => guessing.limit.attempt(guess, () => promise));
    expect(await guessing.try(guess)).toBe(SECOND);
    resolve();
    await Promise.all(waiting);
    expect(await guessing.try(guess, 'right')).toBe('right');
    expect(guessing.limit.size).toBe(0);
  });
});

describe('A11: a name that strangers guess at', () => {
  it('is guessed at 60 times, then once a minute, from however many sources; its user is not kept out', async () => {
    const guessing = new Guessing();
    for (let host = 1; host <= 60; host += 1) await guessing.fail(stranger('ana', `10.9.9.${host}`), 1);
    expect(await guessing.waitOf(stranger('ana', '10.8.8.8'))).toBe(MINUTE);
    expect(await guessing.try(home('ana', '10.0.0.1'), 'right')).toBe('right');
    await guessing.clock.advance(MINUTE);
    await guessing.fail(stranger('ana', '10.8.8.8'), 1);
    expect(await guessing.waitOf(stranger('ana', '10.8.8.9'))).toBe(MINUTE);
  });

  it('can be unlocked: nobody waits for it then, and other names are as they were', async () => {
    const guessing = new Guessing();
    for (let host = 1; host <= 12; host += 1) await guessing.fail(stranger('ana', `10.9.9.${host}`), 5);
    await guessing.fail(home('ana', '10.0.0.1'), 5);
    await guessing.fail(home('ben', '10.0.0.1'), 5);
    expect(guessing.limit.forget('ANA')).toBe(true);
    expect(guessing.limit.forget('ANA')).toBe(false);
    expect(await guessing.waitOf(stranger('ana', '10.9.9.1'))).toBe(0);
    expect(await guessing.waitOf(home('ana', '10.0.0.1'))).toBe(0);
    expect(await guessing.waitOf(home('ben', '10.0.0.1'))).toBe(MINUTE);
  });

  it('may be unlocked while it is tried', async () => {
    const guessing = new Guessing();
    const guess = stranger('ana', '10.0.0.1');
    const trying = guessing.limit.attempt(guess, async () => {
      guessing.limit.forget('ana');
      await guessing.fail(guess, 4);
      throw new Failure('wrong_credentials', 'wrong');
    });
    await expect(trying).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(await guessing.waitOf(guess)).toBe(0);
  });

  it('is one source for all of a /48 that its user never came from', async () => {
    const guessing = new Guessing();
    for (let nth = 0; nth < 5; nth += 1)
      await guessing.fail(stranger('ana', '2001:db8:0::/48', `${nth}::/56`, `${nth}::/64`), 1);
    expect(await guessing.waitOf(stranger('ana', '2001:db8:0::/48', '9::/56', '9::/64'))).toBe(MINUTE);
    expect(await guessing.waitOf(home('ana', '2001:db8:0::/48', '8::/56', '8::/64'))).toBe(0);
  });
});

describe('A10: one source that tries many names', () => {
  it('has 250 wrong passwords, then one more every 14.4 s; names that are known from there are not kept out', async () => {
    const guessing = new Guessing();
    for (let nth = 0; nth < 250; nth += 1) await guessing.fail(stranger(`name${nth}`, '10.0.0.1'), 1);
    const next = stranger('next', '10.0.0.1');
    expect(await guessing.waitOf(next)).toBe(HOUR / 250);
    expect(await guessing.try(home('ana', '10.0.0.1'), 'right')).toBe('right');
    expect(await guessing.waitOf(stranger('next', '10.0.0.2'))).toBe(0);
    await guessing.clock.advance(HOUR / 250);
    await guessing.fail(next, 1);
  });

  it('lets others go first from its twentieth on, until they are forgiven, but not users who are known there', async () => {
    const guessing = new Guessing();
    const next = stranger('next', '10.0.0.1');
    for (let nth = 0; nth < 20; nth += 1) {
      expect(guessing.limit.isSuspect(next)).toBe(false);
      await guessing.fail(stranger(`name${nth}`, '10.0.0.1'), 1);
    }
    expect(guessing.limit.isSuspect(next)).toBe(true);
    expect(guessing.limit.isSuspect(home('ana', '10.0.0.1'))).toBe(false);
    expect(guessing.limit.isSuspect(stranger('next', '10.0.0.2'))).toBe(false);
    await guessing.clock.advance(HOUR / 250);
    expect(guessing.limit.isSuspect(next)).toBe(false);
  });

  it('has twice as many in all of a /56, and four times as many in a /48', async () => {
    const guessing = new Guessing();
    let nth = 0;
    const failuresOf = async (...networks: string[]): Promise<number> => {
      for (let count = 0; ; count += 1)
        if ((await guessing.try(stranger(`name${(nth += 1)}`, ...networks))) !== 'wrong_credentials')
          return count;
    };
    expect(await failuresOf('48', '56-a', '64-1')).toBe(250);
    expect(await failuresOf('48', '56-a', '64-2')).toBe(250);
    expect(await failuresOf('48', '56-a', '64-3')).toBe(0);
    expect(await failuresOf('48', '56-b', '64-4')).toBe(250);
    expect(await failuresOf('48', '56-c', '64-5')).toBe(250);
    expect(await failuresOf('48', '56-d', '64-6')).toBe(0);
  });
});

describe('A10: the memory of guesses', () => {
  it('takes no newcomer while it is full of what matters, forgets nobody, and lets known sources in', async () => {
    const guessing = new Guessing({ remembered: 50 });
    await guessing.fail(stranger('old', '10.0.0.1'), 5);
    for (let host = 2; host <= 300; host += 1) await guessing.try(stranger(`name${host}`, `10.0.0.${host}`));
    expect(guessing.limit.size).toBeLessThanOrEqual(3 * 50);
    expect(await guessing.waitOf(stranger('old', '10.0.0.1'))).toBe(MINUTE);
    expect(await guessing.waitOf(stranger('newcomer', '10.1.1.1'))).toBe(NO_ROOM);
    expect(await guessing.try(home('newcomer', '10.1.1.1'), 'right')).toBe('right');
    await guessing.clock.advance(2 * HOUR);
    expect(await guessing.try(stranger('newcomer', '10.1.1.1'))).toBe('wrong_credentials');
  });

  it('lets users in from where they are known while it is full of such users', async () => {
    const guessing = new Guessing({ remembered: 5 });
    for (let nth = 0; nth < 5; nth += 1) await guessing.fail(home(`name${nth}`, '10.0.0.1'), 5);
    expect(await guessing.try(home('ana', '10.0.0.1'), 'right')).toBe('right');
    expect(await guessing.waitOf(home('name0', '10.0.0.1'))).toBe(MINUTE);
  });
});

/** Attackers from many places, a user at home, and time: in any order. */
const NAMES = ['ana', 'ben', 'cy', 'di', 'ed', 'flo'];
const PLACES = [
  ['10.0.0.1'],
  ['10.0.0.2'],
  ...[1, 2, 3].flatMap((wide) =>
    [1, 2, 3].map((narrow) => ['six::/48', `six:${wide}::/56`, `six:${wide}:${narrow}::/64`]),
  ),
];
const HOME = home('ana', '10.0.0.9');
const OF_NAME = 12;
const OF_SOURCE = 4;
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom(...NAMES),
      networks: fc.constantFrom(...PLACES),
      times: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ownerErrs: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: 20 * MINUTE }) }) },
  { weight: 1, arbitrary: fc.record({ untilTold: fc.constant(true) }) },
);
const manySteps = fc.array(anyStep, { maxLength: 80, size: 'max' });

interface WrongGuess {
  readonly name: string;
  readonly networks: readonly string[];
  readonly atMs: number;
}

describe('A11: whatever attackers do and when', () => {
  it.each([GUESS_LIMITS.remembered, 12, 5])(
    'the owner gets in from home, they get no more guesses than the rule says, who waits is not forgotten (%i remembered)',
    async (remembered) => {
      await fc.assert(
        fc.asyncProperty(manySteps, async (steps) => {
          const limits = { remembered, failuresOfSource: OF_SOURCE, failuresOfName: OF_NAME };
          const guessing = new Guessing(limits);
          const guesses: WrongGuess[] = [];
          let told: { readonly guess: Guess; readonly untilMs: number }[] = [];
          const forgotten: Guess[] = [];
          for (const step of steps) {
            const nowMs = guessing.clock.now();
            if ('waitMs' in step) await guessing.clock.advance(step.waitMs);
            else if ('untilTold' in step)
              await guessing.clock.advance(Math.max(1, ...told.map(({ untilMs }) => untilMs - nowMs)));
            else if ('ownerErrs' in step) {
              await guessing.fail(HOME, step.ownerErrs);
              expect(await guessing.try(HOME, 'right')).toBe('right');
            } else {
              const guess = stranger(step.name, ...step.networks);
              for (let count = 0; count < step.times; count += 1) {
                const outcome = await guessing.try(guess);
                if (outcome === 'wrong_credentials') guesses.push({ ...step, atMs: nowMs });
                // Where there was no room, nobody promised anything.
                else if (outcome !== NO_ROOM) told.push({ guess, untilMs: nowMs + Number(outcome) });
                if (typeof outcome === 'number') break;
              }
            }
            told = told.filter(({ untilMs }) => untilMs > guessing.clock.now());
            for (const { guess } of told) if ((await guessing.waitOf(guess)) === 0) forgotten.push(guess);
            if (guessing.limit.size > 4 * remembered) throw new Error(`${guessing.limit.size} tallies`);
          }
          expect(forgotten).toEqual([]);
          const of = (suits: (guess: WrongGuess) => boolean) => guesses.filter(suits).map(({ atMs }) => atMs);
          for (const name of NAMES) {
            expectAtMost(
              of((one) => one.name === name),
              { atOnce: OF_NAME, anHour: OF_NAME },
            );
            for (const [widest] of PLACES)
              expectAtMost(
                of((one) => one.name === name && one.networks[0] === widest),
                {
                  atOnce: 9,
                  anHour: 4,
                },
              );
          }
          for (const network of new Set(PLACES.flat())) {
            const times = { '::/56': 2, '::/48': 4 }[network.slice(-5)] ?? 1;
            expectAtMost(
              of(({ networks }) => networks.includes(network)),
              {
                atOnce: OF_SOURCE * times,
                anHour: OF_SOURCE * times,
              },
            );
          }
        }),
        { numRuns: 50 },
      );
    },
  );
});

/** In no stretch of time, however long, are there more than `atOnce`, and `anHour` for each hour of it. */
function expectAtMost(
  timesMs: readonly number[],
  { atOnce, anHour }: { readonly atOnce: number; readonly anHour: number },
): void {
  let over = 0;
  timesMs.forEach((fromMs, first) =>
    timesMs.slice(first).forEach((toMs, nth) => {
      over = Math.max(over, nth + 1 - atOnce - (anHour * (toMs - fromMs)) / HOUR);
    }),
  );
  expect(over).toBeLessThan(1e-6);
}
