/** The caller's side: a call settles exactly once, and says whether it may have run. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { CallFailure } from '@lobby/call';
import { Failure, auth, encodeReply, room } from '@lobby/protocol';
import fc from 'fast-check';
import type { PulseOptions, Session } from '../src/index.ts';
import { World, byteByByte, outcome } from './world.ts';

const USER = { user: 'alice', epoch: 1 };
const ALICE = { name: 'alice', password: 'long enough' };

/** A client and a front; `answer` decides what registrations become. */
async function open(
  world: World,
  answer?: (session: Session) => { userId: string } | Promise<{ userId: string }>,
  limits: PulseOptions['limits'] = {},
) {
  const front = world.front({ rate: false });
  if (answer !== undefined) front.answer(auth.reqRegister, answer);
  const client = world.client({ reconnect: false, limits });
  return { front, client, ...(await world.open(front, client)) };
}

const never = (): Promise<{ userId: string }> => new Promise(() => undefined);

describe('a call', () => {
  it('resolves with the reply', async () => {
    for (const split of [undefined, byteByByte]) {
      const world = new World(split === undefined ? {} : { split });
      const { client, near } = await open(world, async () => ({ userId: 'u1' }));
      await expect(world.settled(near.call(auth.reqRegister, ALICE))).resolves.toEqual({ userId: 'u1' });
      expect(client.counters.calls).toEqual({ reply: 1, failure: 0, refused: 0, unknown: 0, late: 0 });
      expect(near.pendingCalls).toBe(0);
    }
  });

  it('goes through a child of the session just as well', async () => {
    const world = new World();
    const { client, near } = await open(world, () => ({ userId: 'u1' }));
    const child = client.asChild({ session: near });
    await expect(world.settled(child.call(auth.reqRegister, ALICE))).resolves.toEqual({ userId: 'u1' });
  });

  it('rejects with the failure that the other side told, with everything that it said', async () => {
    const world = new World();
    const { near } = await open(world, () => {
      throw new Failure('throttled', 'not so fast', { retryAfterMs: 250, mayHaveRun: true });
    });
    const call = world.settled(near.call(auth.reqRegister, ALICE));
    await expect(call).rejects.toBeInstanceOf(CallFailure);
    await expect(call).rejects.toMatchObject({
      outcome: 'failure',
      code: 'throttled',
      message: 'not so fast',
      retryAfterMs: 250,
      mayHaveRun: true,
    });
  });

  it('is refused, and was never sent, on a session that is closed', async () => {
    const world = new World();
    const { client, near } = await open(world, () => ({ userId: 'u1' }));
    near.close('client_closed', 'a test');
    await world.clock.settle();
    await expect(near.call(auth.reqRegister, ALICE)).rejects.toMatchObject({
      outcome: 'refused',
      code: 'backend_unavailable',
      mayHaveRun: false,
    });
    expect(client.counters.calls.refused).toBe(1);
    expect(world.clock.timers).toBe(0);
  });

  it('F22: is refused as overloaded while too much waits to be read, and goes again after that', async () => {
    const world = new World();
    const { near } = await open(world, () => ({ userId: 'u1' }), { busyUnsentBytes: 100 });
    // Two of one turn: the first still waits to leave when the second is made.
    const first = near.call(auth.reqRegister, { ...ALICE, password: 'x'.repeat(100) });
    await expect(near.call(auth.reqRegister, ALICE)).rejects.toMatchObject({
      outcome: 'refused',
      code: 'overloaded',
    });
    await expect(world.settled(first)).resolves.toEqual({ userId: 'u1' });
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).resolves.toEqual({ userId: 'u1' });
  });

  it('is refused as overloaded over the bound, and goes again when one has settled', async () => {
    const world = new World();
    let settle = (): void => undefined;
    const answers = (): Promise<{ userId: string }> =>
      new Promise((resolve) => (settle = () => resolve({ userId: 'u' })));
    const { near } = await open(world, answers, { maxPendingCalls: 2 });
    const [first, second] = [
      outcome(near.call(auth.reqRegister, ALICE)),
      outcome(near.call(auth.reqRegister, ALICE)),
    ];
    const refused = near.call(auth.reqRegister, ALICE);
    await expect(refused).rejects.toMatchObject({
      outcome: 'refused',
      code: 'overloaded',
      mayHaveRun: false,
    });
    await world.clock.settle();
    expect([first.settled, second.settled]).toEqual([0, 0]);
    settle();
    await world.clock.settle();
    const again = outcome(near.call(auth.reqRegister, ALICE));
    await world.clock.settle();
    expect(again.settled).toBe(0);
    expect(near.pendingCalls).toBe(2);
  });

  it('is unknown, and may have run, when the session ends before an answer; at the latest when closed is told', async () => {
    for (const end of ['near', 'far'] as const) {
      const world = new World();
      const { near, far } = await open(world, never);
      const seen = outcome(near.call(auth.reqRegister, ALICE));
      await world.clock.settle();
      expect(seen.settled).toBe(0);
      (end === 'near' ? near : far).close('internal', 'a test');
      await world.clock.settle();
      expect(seen).toMatchObject({
        settled: 1,
        error: { outcome: 'unknown', code: 'backend_unavailable', mayHaveRun: true },
      });
      expect(near.pendingCalls).toBe(0);
    }
  });

  it('is unknown after its deadline; the answer that comes later is dropped and counted', async () => {
    const world = new World();
    let answer = (): void => undefined;
    const { client, near } = await open(
      world,
      () => new Promise((resolve) => (answer = () => resolve({ userId: 'u' }))),
    );
    const seen = outcome(near.call(auth.reqRegister, ALICE, { deadlineMs: 500 }));
    await world.clock.advance(499);
    expect(seen.settled).toBe(0);
    await world.clock.advance(1);
    expect(seen).toMatchObject({
      settled: 1,
      error: { outcome: 'unknown', code: 'deadline', mayHaveRun: true },
    });
    answer();
    await world.clock.settle();
    expect(seen.settled).toBe(1);
    expect(client.counters.calls).toMatchObject({ unknown: 1, late: 1, reply: 0 });
    expect(near.state).toBe('established');
  });

  it('leaves no timer of its deadline behind when it settles earlier', async () => {
    const world = new World();
    const { near } = await open(world, () => ({ userId: 'u1' }));
    await world.settled(near.call(auth.reqRegister, ALICE));
    const timers = world.clock.timers;
    await world.settled(near.call(auth.reqRegister, ALICE, { deadlineMs: 60_000 }));
    expect(world.clock.timers).toBe(timers);
  });

  it('shows in its failure who asked and what, whichever of session, child and client is asked', async () => {
    const world = new World();
    const { client, near } = await open(world, async () => {
      throw new Failure('name_taken', 'taken');
    });
    for (const asked of [near, client.asChild({ session: near }), client]) {
      async function registerAlice(): Promise<unknown> {
        return asked.call(auth.reqRegister, ALICE);
      }
      async function beginTheDay(): Promise<void> {
        await registerAlice();
      }
      const failure = await world.settled(beginTheDay().catch((error: unknown) => error as CallFailure));
      expect(failure).toMatchObject({ code: 'name_taken', topic: 'auth.req_register' });
      expect(failure?.stack).toContain('beginTheDay');
    }
  });

  it('is refused, counted and named where a client has no session', async () => {
    const world = new World();
    const { client, near } = await open(world, never);
    near.close('client_closed', 'a test');
    await world.clock.settle();
    async function registerAlice(): Promise<void> {
      await client.call(auth.reqRegister, ALICE);
    }
    const failure = await registerAlice().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      outcome: 'refused',
      code: 'backend_unavailable',
      topic: 'auth.req_register',
      message: expect.stringContaining('client is away: client_closed'),
    });
    expect((failure as Error).stack).toContain('registerAlice');
    expect(client.counters.calls.refused).toBe(1);
  });

  it('is unknown when its caller aborts, and refused when its caller had aborted before', async () => {
    const world = new World();
    const { client, near } = await open(world, never);
    const patience = new AbortController();
    const seen = outcome(near.call(auth.reqRegister, ALICE, { signal: patience.signal }));
    await world.clock.settle();
    patience.abort();
    await world.clock.settle();
    expect(seen).toMatchObject({
      settled: 1,
      error: { outcome: 'unknown', code: 'deadline', mayHaveRun: true },
    });
    await expect(near.call(auth.reqRegister, ALICE, { signal: patience.signal })).rejects.toMatchObject({
      outcome: 'refused',
      mayHaveRun: false,
    });
    expect(client.counters.calls).toMatchObject({ refused: 1, unknown: 1 });
    expect(near.pendingCalls).toBe(0);
  });

  it('fails at once, and waits for nothing, where its payload can not be written', async () => {
    const world = new World();
    const { near } = await open(world, never);
    const unwritable = { name: 1n, password: 'x' } as unknown as typeof ALICE;
    await expect(near.call(auth.reqRegister, unwritable)).rejects.toMatchObject({
      code: 'bad_request',
      mayHaveRun: false,
      message: expect.stringContaining('auth.req_register'),
    });
    expect(near.pendingCalls).toBe(0);
    expect(near.state).toBe('established');
  });

  it('fails as internal, and may have run, where the reply has the wrong shape', async () => {
    const world = new World();
    const { client, near } = await open(world, () => ({ userId: 7 }) as unknown as { userId: string });
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
      outcome: 'failure',
      code: 'internal',
      mayHaveRun: true,
    });
    expect(client.counters.badRequests).toBe(1);
    expect(near.state).toBe('established');
  });

  it('is settled only by the reply topic of its own number', async () => {
    const world = new World();
    const { client, near, far } = await open(world, never);
    const seen = outcome(near.call(auth.reqRegister, ALICE));
    await world.clock.settle();
    far.sendEncoded(encodeReply(room.reqLeave, 1, {}));
    far.sendEncoded(encodeFrame(auth.reqRegister.reply.number, FrameKind.reply, { seq: 2 }));
    await world.clock.settle();
    expect(seen.settled).toBe(0);
    expect(client.counters.calls.late).toBe(2);
  });

  it('ends its session when it had no answer for 30 s although the session lives', async () => {
    const world = new World();
    const back = world.back({}, { limits: { answerTimeoutMs: 1_000_000 } });
    back.answer(room.reqSeatF2b, () => new Promise(() => undefined));
    const { near } = await world.open(back, world.link({}, { reconnect: false }));
    const seen = outcome(near.call(room.reqSeatF2b, USER));
    await world.clock.advance(29_000);
    expect(seen.settled).toBe(0);
    await world.clock.advance(5_000);
    expect(near.closedReason).toMatchObject({ code: 'stuck_call', by: 'local' });
    expect(seen).toMatchObject({ settled: 1, error: { outcome: 'unknown', mayHaveRun: true } });
  });

  it('keeps one watch over calls however often the session is made anew, and none without a session', async () => {
    const world = new World();
    const back = world.back().answer(room.reqSeatF2b, () => ({}));
    const link = world.link();
    await world.open(back, link);
    await world.settled(link.session?.call(room.reqSeatF2b, USER) ?? Promise.reject(new Error('no session')));
    const timers = world.clock.timers;
    for (let round = 0; round < 20; round += 1) {
      link.session?.close('superseded', 'a test');
      await world.clock.advance(60);
      await world.settled(
        link.session?.call(room.reqSeatF2b, USER) ?? Promise.reject(new Error('no session')),
      );
    }
    expect(world.clock.timers).toBe(timers);
    await world.settled(link.stop());
    await world.settled(back.stop());
    expect(world.clock.timers).toBe(0);
  });

  it('settles exactly once, whatever the answers, the patience and the end of the session', async () => {
    const anyCall = fc.record({
      answerAfterMs: fc.integer({ min: 0, max: 300 }),
      fails: fc.boolean(),
      deadlineMs: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
      abortAfterMs: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { maxLength: 8 }),
        fc.integer({ min: 1, max: 400 }),
        async (calls, endMs) => {
          const world = new World();
          let asked = 0;
          const { client, near, far } = await open(world, () => {
            const call = calls[asked];
            asked += 1;
            return new Promise((resolve, reject) => {
              world.clock.setTimer(call?.answerAfterMs ?? 0, () => {
                if (call?.fails === true) reject(new Failure('name_taken', 'taken'));
                else resolve({ userId: 'u' });
              });
            });
          });
          const seen = calls.map(({ deadlineMs, abortAfterMs }) => {
            const patience = new AbortController();
            if (abortAfterMs !== undefined) world.clock.setTimer(abortAfterMs, () => patience.abort());
            const options = { signal: patience.signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
            return outcome(near.call(auth.reqRegister, ALICE, options));
          });
          world.clock.setTimer(endMs, () => far.close('kicked', 'a test'));
          await world.clock.advance(1_000);
          expect(seen.map(({ settled }) => settled)).toEqual(calls.map(() => 1));
          const { reply, failure, refused, unknown } = client.counters.calls;
          expect([reply + failure + unknown, refused]).toEqual([calls.length, 0]);
          expect(near.pendingCalls).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
