/** Pending calls: each settles exactly once, as what it was settled first, and the counts add up. */
import { describe, expect, it } from '@jest/globals';
import { Failure, auth, room } from '@lobby/protocol';
import fc from 'fast-check';
import { CallFailure, callCounters } from '../src/index.ts';
import type { CallCounters } from '../src/index.ts';
import { PendingCalls } from '../src/pending-calls.ts';
import type { BegunCall } from '../src/pending-calls.ts';

const CALL = room.reqChat;
const OTHER_CALL = auth.reqLogin;
const REPLY = CALL.reply;
const OTHER_REPLY = OTHER_CALL.reply;

interface Bench {
  readonly calls: PendingCalls;
  readonly counters: CallCounters;
}

function newBench({ limit = 100, ...rest }: { limit?: number; maxSeq?: number } = {}): Bench {
  const counters = callCounters();
  return { calls: new PendingCalls({ limit, counters, ...rest }), counters };
}

/** How a call settled: `reply <value>`, or outcome and code of its failure. */
async function settled({ answer }: BegunCall): Promise<string> {
  try {
    return `reply ${String(await answer)}`;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return `${error.outcome} ${error.code}`;
  }
}

function refusalOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('F7: pending calls', () => {
  it('settle with the reply of their seq, in whatever order replies come', async () => {
    const { calls, counters } = newBench();
    const begun = [1, 2, 3].map((since) => calls.begin(CALL, since));
    expect(begun.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    for (const seq of [2, 3, 1]) calls.reply(seq, `to ${seq}`);
    expect(await Promise.all(begun.map(settled))).toEqual(['reply to 1', 'reply to 2', 'reply to 3']);
    expect([calls.size, counters]).toEqual([0, { ...callCounters(), reply: 3 }]);
  });

  it('settle as a failure with all that the peer told', async () => {
    const { calls, counters } = newBench();
    const { seq, answer } = calls.begin(CALL, 0);
    calls.fail(seq, new Failure('throttled', 'wait', { retryAfterMs: 50, mayHaveRun: true }));
    await expect(answer).rejects.toMatchObject({
      name: 'CallFailure',
      outcome: 'failure',
      code: 'throttled',
      message: 'wait',
      retryAfterMs: 50,
      mayHaveRun: true,
    });
    expect(counters).toEqual({ ...callCounters(), failure: 1 });
  });

  it('have surely not run where the peer does not say that they may have', async () => {
    const { calls } = newBench();
    const { seq, answer } = calls.begin(CALL, 0);
    calls.fail(seq, new Failure('room_full', 'full'));
    await expect(answer).rejects.toMatchObject({ outcome: 'failure', mayHaveRun: false });
  });

  it('settle as unknown, and may have run, when the caller gives up', async () => {
    const { calls, counters } = newBench();
    const { seq, answer } = calls.begin(CALL, 0);
    calls.giveUp(seq, 'no answer within 5 ms');
    calls.giveUp(seq, 'again');
    await expect(answer).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'deadline',
      message: 'no answer within 5 ms',
      mayHaveRun: true,
    });
    expect(counters).toEqual({ ...callCounters(), unknown: 1 });
  });

  it('settle as unknown, all of them, when the session ends', async () => {
    const { calls, counters } = newBench();
    const begun = [calls.begin(CALL, 0), calls.begin(OTHER_CALL, 0)];
    calls.end('the session ended');
    expect(calls.size).toBe(0);
    calls.end('again');
    const told = await Promise.allSettled(begun.map(({ answer }) => answer));
    const reason = expect.objectContaining({
      outcome: 'unknown',
      code: 'backend_unavailable',
      message: 'the session ended',
      mayHaveRun: true,
    });
    expect(told).toEqual(begun.map(() => ({ status: 'rejected', reason })));
    expect(counters).toEqual({ ...callCounters(), unknown: 2 });
  });

  it('are refused, and surely have not run, over the limit, and taken again under it', async () => {
    const { calls, counters } = newBench({ limit: 2 });
    const first = calls.begin(CALL, 0);
    const second = calls.begin(CALL, 0);
    expect(refusalOf(() => calls.begin(CALL, 0))).toMatchObject({
      outcome: 'refused',
      code: 'overloaded',
      mayHaveRun: false,
    });
    calls.reply(first.seq, 'done');
    const third = calls.begin(CALL, 0);
    expect([calls.size, counters.refused]).toEqual([2, 1]);
    calls.end('over');
    expect(await Promise.all([first, second, third].map(settled))).toEqual([
      'reply done',
      'unknown backend_unavailable',
      'unknown backend_unavailable',
    ]);
  });

  it('are refused, and surely have not run, after the end of the session', () => {
    const { calls, counters } = newBench();
    calls.end('over');
    expect(refusalOf(() => calls.begin(CALL, 0))).toMatchObject({
      outcome: 'refused',
      code: 'backend_unavailable',
      mayHaveRun: false,
    });
    expect([calls.size, counters]).toEqual([0, { ...callCounters(), refused: 1 }]);
  });

  it('expect the shape of their own reply', () => {
    const { calls, counters } = newBench();
    const chat = calls.begin(CALL, 0);
    const login = calls.begin(OTHER_CALL, 0);
    expect(calls.expected(chat.seq, REPLY.number)).toBe(REPLY);
    expect(calls.expected(login.seq, OTHER_REPLY.number)).toBe(OTHER_REPLY);
    expect([counters.late, calls.size]).toEqual([0, 2]);
  });

  it('take no answer of another topic: it is counted as late, and they wait on', async () => {
    const { calls, counters } = newBench();
    const chat = calls.begin(CALL, 0);
    for (const number of [OTHER_REPLY.number, room.reqChat.number, 0])
      expect(calls.expected(chat.seq, number)).toBeUndefined();
    expect([counters.late, calls.size]).toEqual([3, 1]);
    calls.reply(chat.seq, 'at last');
    expect(await settled(chat)).toBe('reply at last');
  });

  it('count an answer that nobody waits for: unknown, settled, given up, or after the end', () => {
    const { calls, counters } = newBench();
    const answered = calls.begin(CALL, 0);
    calls.reply(answered.seq, 'done');
    const givenUp = calls.begin(CALL, 0);
    givenUp.answer.catch(() => undefined);
    calls.giveUp(givenUp.seq, 'too long');
    calls.end('over');
    for (const seq of [answered.seq, givenUp.seq, 77])
      expect(calls.expected(seq, REPLY.number)).toBeUndefined();
    expect(counters).toEqual({ ...callCounters(), reply: 1, unknown: 1, late: 3 });
  });

  it('tell which of them wait, the oldest first, and since when', () => {
    const { calls } = newBench({ limit: 3, maxSeq: 4 });
    expect([[...calls], calls.oldestSinceMs]).toEqual([[], undefined]);
    for (const since of [1, 2, 3]) calls.begin(CALL, since);
    for (const seq of [1, 2]) calls.reply(seq, '');
    for (const since of [4, 5]) calls.begin(OTHER_CALL, since);
    expect([...calls]).toEqual([
      { seq: 3, awaits: 'room.res_chat', sinceMs: 3 },
      { seq: 4, awaits: 'auth.res_login', sinceMs: 4 },
      { seq: 1, awaits: 'auth.res_login', sinceMs: 5 },
    ]);
    expect(calls.oldestSinceMs).toBe(3);
  });

  it('number themselves from 1, and from 1 again after the largest seq, past those that still wait', () => {
    const { calls } = newBench({ limit: 3, maxSeq: 5 });
    const seqs = Array.from({ length: 9 }, () => {
      const { seq } = calls.begin(CALL, 0);
      // The second one waits all the time.
      if (seq !== 2) calls.reply(seq, '');
      return seq;
    });
    expect(seqs).toEqual([1, 2, 3, 4, 5, 1, 3, 4, 5]);
  });

  it('settle exactly once each, as what came first, whatever comes in whatever order', async () => {
    const someAct = fc.record({
      act: fc.oneof(
        { weight: 6, arbitrary: fc.constant('begin' as const) },
        { weight: 8, arbitrary: fc.constantFrom('reply', 'fail', 'giveUp', 'wrong topic') },
        { weight: 1, arbitrary: fc.constant('end' as const) },
      ),
      pick: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(someAct, { maxLength: 60 }), async (acts) => {
        const { calls, counters } = newBench({ limit: 5, maxSeq: 8 });
        const begun: BegunCall[] = [];
        const times: number[] = [];
        const model = callCounters();
        /**
         * The index of the call that waits under a seq: a seq may be used again when its call has settled.
         */
        const waiting = new Map<number, number>();
        const outcomes: string[] = [];
        let ended = false;
        const settle = (seq: number, how: string): boolean => {
          const index = waiting.get(seq);
          if (index !== undefined) outcomes[index] = how;
          return waiting.delete(seq);
        };

        for (const { act, pick } of acts) {
          const seq = pick % 10;
          switch (act) {
            case 'begin': {
              if (ended || waiting.size >= 5) {
                expect(refusalOf(() => calls.begin(CALL, 0))).toBeInstanceOf(CallFailure);
                model.refused += 1;
                break;
              }
              const call = calls.begin(CALL, 0);
              expect(waiting.has(call.seq)).toBe(false);
              const index = begun.push(call) - 1;
              waiting.set(call.seq, index);
              times[index] = 0;
              const count = (): void => void ((times[index] as number) += 1);
              call.answer.then(count, count);
              break;
            }
            case 'giveUp':
              calls.giveUp(seq, '');
              if (settle(seq, 'unknown deadline')) model.unknown += 1;
              break;
            case 'end':
              calls.end('');
              ended = true;
              model.unknown += waiting.size;
              for (const other of [...waiting.keys()]) settle(other, 'unknown backend_unavailable');
              break;
            case 'wrong topic':
              expect(calls.expected(seq, OTHER_REPLY.number)).toBeUndefined();
              model.late += 1;
              break;
            default: {
              expect(calls.expected(seq, REPLY.number) !== undefined).toBe(waiting.has(seq));
              // Whatever `expected` said, an answer to nobody settles nothing.
              if (act === 'reply') calls.reply(seq, seq);
              else calls.fail(seq, new Failure('room_full', ''));
              if (!settle(seq, act === 'reply' ? `reply ${seq}` : 'failure room_full')) model.late += 1;
              else model[act === 'reply' ? 'reply' : 'failure'] += 1;
            }
          }
          expect([calls.size, [...calls].map((open) => open.seq)]).toEqual([
            waiting.size,
            [...waiting.keys()],
          ]);
        }
        expect(counters).toEqual(model);
        calls.end('');
        expect(await Promise.all(begun.map(settled))).toEqual(
          begun.map((_, index) => outcomes[index] ?? 'unknown backend_unavailable'),
        );
        expect(times).toEqual(begun.map(() => 1));
        expect(counters.reply + counters.failure + counters.unknown).toBe(begun.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a call failure', () => {
  it('is a failure that a handler can pass on, and says that it may have run only where that is so', () => {
    const told = (['failure', 'refused', 'unknown'] as const).map((outcome) => {
      const failure = new CallFailure(outcome, 'backend_unavailable', { message: 'away' });
      expect(failure).toBeInstanceOf(Failure);
      return [failure.outcome, failure.mayHaveRun];
    });
    expect(told).toEqual([
      ['failure', false],
      ['refused', false],
      ['unknown', true],
    ]);
  });
});
