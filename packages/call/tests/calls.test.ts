/**
 * Asking on a line that a test holds: what is refused before it is sent, who gives up, and what a failure
 * says of its call.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { hostileValues } from '@lobby/net-frame/testing';
import { Failure, room } from '@lobby/protocol';
import { CallError, CallFailure, Calls, callCounters } from '../src/index.ts';
import type { CallLine, CallOptions } from '../src/index.ts';

const LIMIT = 2;
const BUSY_BYTES = 100;

/** Calls on a line that notes what is sent on it. */
function newLine(faults: Partial<{ isOpen: boolean; unsentBytes: number; unwritable: Error }> = {}) {
  const { isOpen = true, unsentBytes = 0, unwritable } = faults;
  const sent: number[] = [];
  const line: CallLine = {
    isOpen,
    unsentBytes,
    sendCall: (_topic, seq) => {
      if (unwritable !== undefined) throw unwritable;
      sent.push(seq);
    },
  };
  const clock = new VirtualClock();
  const counters = callCounters();
  const calls = new Calls({ line, clock, counters, limit: LIMIT, busyUnsentBytes: BUSY_BYTES });
  const chat = (options?: CallOptions): Promise<object> =>
    calls.call(room.reqChat, { text: 'hello' }, options);
  return { calls, chat, clock, counters, sent };
}

describe('a call on a line', () => {
  it('is sent under its number, and resolves with the reply', async () => {
    const { calls, chat, sent } = newLine();
    const [first, second] = [chat(), chat()];
    expect(sent).toEqual([1, 2]);
    calls.reply(2, { seq: 8 });
    calls.reply(1, { seq: 7 });
    await expect(Promise.all([first, second])).resolves.toEqual([{ seq: 7 }, { seq: 8 }]);
  });

  it.each([
    ['the line is shut', { isOpen: false }, {}, 'backend_unavailable'],
    ['the other side does not read', { unsentBytes: BUSY_BYTES + 1 }, {}, 'overloaded'],
    ['its caller had given up before', {}, { signal: AbortSignal.abort() }, 'deadline'],
  ])('is refused, counted and never sent where %s', async (_why, faults, options, code) => {
    const { calls, chat, counters, sent } = newLine(faults);
    await expect(chat(options)).rejects.toMatchObject({
      outcome: 'refused',
      code,
      mayHaveRun: false,
      topic: 'room.req_chat',
    });
    expect([sent, calls.size, counters]).toEqual([[], 0, { ...callCounters(), refused: 1 }]);
  });

  it('is refused and counted over the limit and after the end of the line', async () => {
    const { calls, chat, counters } = newLine();
    const waiting = Promise.allSettled([chat(), chat()]);
    await expect(chat()).rejects.toMatchObject({ outcome: 'refused', topic: 'room.req_chat' });
    calls.end('over');
    await expect(chat()).rejects.toMatchObject({ outcome: 'refused', topic: 'room.req_chat' });
    await waiting;
    expect(counters).toEqual({ ...callCounters(), refused: 2, unknown: 2 });
  });

  it('is refused, counted, and waits for nothing, where its payload can not be written', async () => {
    const { calls, chat, counters } = newLine({ unwritable: new TypeError('a bigint') });
    await expect(chat()).rejects.toMatchObject({
      outcome: 'refused',
      code: 'bad_request',
      mayHaveRun: false,
    });
    expect([calls.size, counters]).toEqual([0, { ...callCounters(), refused: 1 }]);
  });

  it('is given up at its deadline or by its caller, and leaves neither a timer nor a listener', async () => {
    const { chat, clock, counters } = newLine();
    const patience = new AbortController();
    const settled = Promise.allSettled([chat({ deadlineMs: 500 }), chat({ signal: patience.signal })]);
    await clock.advance(499);
    expect(counters.unknown).toBe(0);
    await clock.advance(1);
    expect(counters.unknown).toBe(1);
    patience.abort();
    for (const { status } of await settled) expect(status).toBe('rejected');
    expect([counters.unknown, clock.timers]).toEqual([2, 0]);
  });
});

describe('A26: the options of a call', () => {
  const wrong: unknown[] = [
    ...[2_500.5, Infinity, NaN, -1, 0, 2 ** 31, '500', null, 5n].map((deadlineMs) => ({ deadlineMs })),
    ...[{}, null, { aborted: false }, new AbortController(), 'abort'].map((signal) => ({ signal })),
    ...[{ timeoutMs: 5 }, 5, null, 'soon', [], new AbortController().signal],
  ];

  it.each(wrong)('are refused before anything is sent: %p', async (options) => {
    const { calls, chat, clock, counters, sent } = newLine();
    const refused: unknown = await chat(options as CallOptions).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CallError);
    expect(refused).toMatchObject({ code: 'bad_option' });
    expect([sent, calls.size, clock.timers, counters]).toEqual([[], 0, 0, callCounters()]);
  });

  it('of any value are taken or refused, and a call that was sent settles', async () => {
    const anything: fc.Arbitrary<() => unknown> = fc.oneof(
      fc.anything({ withBigInt: true, withMap: true }).map((value) => () => value),
      fc.constantFrom(...hostileValues('signal', 'deadlineMs')),
    );
    const options = fc.oneof(
      anything,
      fc
        .tuple(anything, anything)
        .map(([signal, deadlineMs]) => () => ({ signal: signal(), deadlineMs: deadlineMs() })),
    );
    await fc.assert(
      fc.asyncProperty(options, async (make) => {
        const { calls, chat, clock, sent } = newLine();
        const settled = Promise.allSettled([chat(make() as CallOptions)]);
        calls.end('over');
        const [{ status }] = await settled;
        expect([status, clock.timers, calls.size]).toEqual(['rejected', 0, 0]);
        expect(sent.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('may be left out, as undefined too', async () => {
    const { calls, chat } = newLine();
    const both = [chat(), chat({ signal: undefined, deadlineMs: undefined } as unknown as CallOptions)];
    calls.reply(1, { id: 1 });
    calls.reply(2, { id: 2 });
    await expect(Promise.all(both)).resolves.toEqual([{ id: 1 }, { id: 2 }]);
  });
});

describe('the failure of a call', () => {
  const endings: readonly (readonly [string, (calls: Calls, clock: VirtualClock) => unknown])[] = [
    ['the other side says that it failed', (calls) => calls.fail(1, new Failure('not_in_room', 'not here'))],
    ['the line ends', (calls) => calls.end('over')],
    ['its deadline comes', (_calls, clock) => clock.advance(50)],
  ];

  it.each(endings)('names its topic, and shows who awaits it, where %s', async (_how, end) => {
    const { calls, chat, clock } = newLine();
    async function sayHello(): Promise<void> {
      await chat({ deadlineMs: 50 });
    }
    async function enterAndSayHello(): Promise<void> {
      await sayHello();
    }
    const caught = enterAndSayHello().catch((error: unknown) => error as CallFailure);
    await end(calls, clock);
    const failure = await caught;
    expect(failure).toBeInstanceOf(CallFailure);
    expect(failure).toHaveProperty('topic', 'room.req_chat');
    expect((failure as CallFailure).stack).toMatch(
      /^CallFailure: .*(\n.*)*sayHello(.*\n.*)*enterAndSayHello/,
    );
  });
});
