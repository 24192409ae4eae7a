/** What is counted here against what a server counts, whose answers come whenever it has them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallFailure } from '@lobby/call';
import { VirtualClock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import { Restraint } from '../src/restraint.ts';

/** With which a server ends the session. */
const FLOOD = 120;
const TOO_MANY_IN_A_ROW = 10;

interface Sent {
  readonly mayAsk: boolean;
  readonly answer: (failure?: CallFailure) => void;
}

/** A server that counts as `@lobby/pulse` does: what it refuses it refuses as it comes, and in order. */
class CountingServer {
  readonly restraint = new Restraint(new VirtualClock());
  tooFast = 0;
  inRow = 0;
  readonly #unread: Sent[] = [];
  readonly #taken: Sent[] = [];

  send(mayAsk: boolean): void {
    const topic = { name: mayAsk ? 'may be asked' : 'may not be asked' };
    const sent = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const answer = (failure?: CallFailure): void => (failure ? reject(failure) : resolve());
        this.#unread.push({ mayAsk, answer });
      });
    this.restraint.ask({ topic, mayAsk }, sent).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
    });
  }

  read(inTime: boolean): void {
    const sent = this.#unread.shift();
    if (sent === undefined) return;
    this.tooFast = inTime ? Math.max(0, this.tooFast - 1) : this.tooFast + 1;
    if (!inTime) return sent.answer(failure('throttled'));
    this.inRow = sent.mayAsk ? 0 : this.inRow + 1;
    if (!sent.mayAsk) return sent.answer(failure('unauthenticated'));
    this.#taken.push(sent);
  }

  answer(nth: number): void {
    const [sent] = this.#taken.splice(nth % Math.max(1, this.#taken.length), 1);
    sent?.answer();
  }
}

const failure = (code: 'throttled' | 'unauthenticated'): CallFailure =>
  new CallFailure('failure', code, { message: 'not now', retryAfterMs: 5 });

type Act = (server: CountingServer) => void;

function many(act: fc.Arbitrary<Act>, most: number): fc.Arbitrary<Act> {
  return fc.tuple(act, fc.integer({ min: 1, max: most })).map(
    ([one, times]) =>
      (server: CountingServer) =>
        Array.from({ length: times }, () => one(server)),
  );
}

const act: fc.Arbitrary<Act> = fc.oneof(
  many(
    fc.boolean().map((mayAsk) => (server: CountingServer) => server.send(mayAsk)),
    150,
  ),
  many(
    fc.boolean().map((inTime) => (server: CountingServer) => server.read(inTime)),
    60,
  ),
  many(
    fc.nat().map((nth) => (server: CountingServer) => server.answer(nth)),
    60,
  ),
);

describe('K13: a restraint', () => {
  it('lets no server count so many that it ends the session, in whatever order answers come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { size: 'max', maxLength: 60 }), async (acts) => {
        const server = new CountingServer();
        for (const one of acts) {
          one(server);
          await new Promise(setImmediate);
          expect(server.tooFast).toBeLessThan(FLOOD);
          expect(server.inRow).toBeLessThan(TOO_MANY_IN_A_ROW);
        }
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('leaves alone who is answered', async () => {
    const server = new CountingServer();
    for (let count = 0; count < 1_000; count += 1) {
      server.send(true);
      server.read(true);
      server.answer(0);
      await new Promise(setImmediate);
    }
    const answer = await server.restraint.ask({ topic: { name: 'one more' }, mayAsk: true }, async () => 7);
    expect(answer).toBe(7);
  });
});
