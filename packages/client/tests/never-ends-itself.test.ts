/** However much a program asks, and whatever: the SDK sends nothing that would end its own session. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '@lobby/protocol';
import { Pulse, clientPort } from '@lobby/pulse';
import type { RateLimit } from '@lobby/pulse';
import type { CallOptions, LobbyClient, RoomMember, Seat } from '../src/index.ts';
import { ClientWorld } from './client-world.ts';

const ANA = { name: 'ana', password: 'correct horse' };
const MOST_AT_ONCE = 150;
/** The rate of a front that nobody has set otherwise. */
const USUAL: RateLimit = { perSecond: 30, burst: 60 };

/** A program, and what it has got so far. */
interface Program {
  readonly client: LobbyClient;
  seat?: Seat;
  member?: RoomMember;
}

type Act = (program: Program, options: CallOptions | undefined) => Promise<unknown>;

const ACTS: Readonly<Record<string, Act>> = {
  register: ({ client }, options) => client.register(ANA, options),
  login: ({ client }, options) => client.login(ANA, options),
  guess: ({ client }, options) => client.login({ ...ANA, password: 'not the horse' }, options),
  token: ({ client }, options) => client.login({ token: 'x'.repeat(4_000) }, options),
  logout: ({ client }, options) => client.logout(options),
  rooms: ({ client }, options) => client.rooms({}, options),
  reserve: ({ client }, options) => client.reserve('nowhere', options),
  badly: ({ client }, options) => client.createRoom({ title: '', capacity: NaN }, options),
  create: async (program, options) => {
    program.seat = (await program.client.createRoom({ title: 'tea', capacity: 4 }, options)).seat;
  },
  quick: async (program, options) => {
    program.seat = (await program.client.quick({}, options)).seat;
  },
  enter: async (program, options) => {
    if (program.seat !== undefined) program.member = await program.client.enter(program.seat, options);
  },
  chat: async ({ member }, options) => member?.chat('hello', options),
  leave: async ({ member }, options) => member?.leave(options),
};

/** Some acts at once, each with this patience, and then time passes. */
interface Step {
  readonly act: string;
  readonly times: number;
  readonly patience: 'endless' | 'short' | 'none';
  readonly thenMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...Object.keys(ACTS)),
  times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: MOST_AT_ONCE })),
  patience: fc.constantFrom('endless', 'endless', 'short', 'none'),
  thenMs: fc.constantFrom(0, 0, 1, 40, 200),
});
const rate: fc.Arbitrary<RateLimit> = fc.oneof(
  fc.constant(USUAL),
  fc.record({ perSecond: fc.integer({ min: 1, max: 100 }), burst: fc.integer({ min: 1, max: 100 }) }),
);

function begin(program: Program, { act, times, patience }: Step): void {
  for (let time = 0; time < times; time += 1) {
    const caller = new AbortController();
    const options = patience === 'short' ? { deadlineMs: 1 } : { signal: caller.signal };
    void ACTS[act]?.(program, patience === 'endless' ? undefined : options).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
    });
    if (patience === 'none') caller.abort();
  }
}

describe('A26: however much is asked', () => {
  it('of a front of any rate, the session goes on, and serves again when there was time', async () => {
    const steps = fc.array(step, { size: 'max', maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rate, steps, async (limit, all) => {
        const world = new ClientWorld();
        await world.lobby(limit);
        const program: Program = { client: await world.connect() };
        for (const one of all) {
          begin(program, one);
          await world.clock.settle();
          await world.clock.advance(one.thenMs);
        }
        await world.clock.advance(1_000);
        await world.settled(program.client.register(ANA)).catch(() => undefined);
        await world.clock.advance(1_000);
        expect(await world.settled(program.client.login(ANA))).toMatchObject({ name: 'ana' });
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it('is served up to the rate, and refused at once with the time to wait beyond', async () => {
    const world = new ClientWorld();
    await world.lobby(USUAL);
    const client = await world.user('ana');
    const answers = await world.settled(
      Promise.allSettled(Array.from({ length: 1_000 }, () => client.rooms())),
    );
    const served = answers.filter(({ status }) => status === 'fulfilled');
    expect(served.length).toBeGreaterThan(USUAL.burst - 5);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      expect(answer.reason).toMatchObject({ code: 'throttled', mayHaveRun: false });
      expect((answer.reason as Failure).retryAfterMs).toBeGreaterThan(0);
    }
    expect(client.isOpen).toBe(true);
  });

  it('one call after the other, whoever heeds the time to wait only at times is served then', async () => {
    const world = new ClientWorld();
    await world.lobby({ perSecond: 2, burst: 2 });
    const client = await world.user('ana');
    for (let count = 0; count < 400; count += 1) {
      const failure: unknown = await world.settled(client.rooms()).catch((error: unknown) => error);
      if (!(failure instanceof Failure)) continue;
      expect(failure).toMatchObject({ code: 'throttled', mayHaveRun: false });
      if (count % 5 !== 0) continue;
      await world.clock.advance(failure.retryAfterMs ?? 0);
      expect(await world.settled(client.rooms())).toMatchObject({ total: 0 });
    }
  });
});

describe('A26: what a server does not take', () => {
  it('before a login is asked a few times, then refused here, until somebody logs in', async () => {
    const world = new ClientWorld();
    await world.lobby();
    const client = await world.connect();
    const refusal = { code: 'unauthenticated', mayHaveRun: false };
    for (let count = 0; count < 30; count += 1)
      await expect(world.settled(client.rooms())).rejects.toMatchObject(refusal);
    for (const one of await world.settled(
      Promise.allSettled(Array.from({ length: 30 }, () => client.quick())),
    ))
      expect(one).toMatchObject({ reason: refusal });
    await world.settled(client.register(ANA));
    await world.settled(client.login(ANA));
    expect(await world.settled(client.rooms())).toMatchObject({ total: 0 });
  });

  it('because it is of another kind is refused here after a few times, as it was there', async () => {
    const world = new ClientWorld();
    const dialect = clientPort({ node: 'other', rate: false });
    const other = Pulse.asServer({
      name: 'other',
      platform: world.platform,
      dialect,
      host: 'other',
      port: 1,
    });
    await other.start();
    const client = await world.connect({ host: 'other', port: 1 });
    for (let count = 0; count < 30; count += 1)
      await expect(world.settled(client.login(ANA))).rejects.toMatchObject({ code: 'unknown_topic' });
    expect(client.isOpen).toBe(true);
    await world.settled(other.stop());
  });
});
