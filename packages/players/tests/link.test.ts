/**
 * A link does what the protocol says of a client, and settles each call once, whatever the other side does.
 */

import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import {
  Failure,
  auth,
  encodeFailure,
  encodeMessage,
  encodeReply,
  msgpackLiteCodec,
  net,
  room,
} from '@lobby/protocol';
import fc from 'fast-check';
import { LinkError } from '../src/index.ts';
import { FakeFront, HEARTBEAT_MS, emptyReply } from './fake-front.ts';

const LEAVE = room.reqLeave;

async function codeOf(task: Promise<unknown>): Promise<string> {
  return task.then(
    () => 'a reply',
    (error: unknown) => (error instanceof LinkError ? error.code : Promise.reject(error as Error)),
  );
}

describe('a link', () => {
  it('says hello, and is open once it is welcomed', async () => {
    const front = await new FakeFront().listen();
    const opening = front.open();
    await front.clock.settle();
    expect(front.topics).toEqual([net.hello.number]);
    await front.welcomes();
    const link = await opening;
    expect([link.isOpen, link.session, link.heartbeatMs]).toEqual([true, 3, HEARTBEAT_MS]);
  });

  it('is not opened where nobody listens, where it is sent away, and where no welcome comes in time', async () => {
    const nobody = new FakeFront();
    expect(await codeOf(nobody.open())).toBe('ECONNREFUSED');
    const unfriendly = await new FakeFront().listen();
    const refused = unfriendly.open();
    await unfriendly.clock.settle();
    await unfriendly.says(encodeMessage(net.bye, { code: 'too_many_sessions', message: 'no' }));
    await unfriendly.ends();
    expect(await codeOf(refused)).toBe('too_many_sessions');
    const silent = await new FakeFront().listen();
    const waiting = silent.open();
    await silent.clock.advance(9_000);
    expect(await codeOf(waiting)).toBe('not_welcomed');
    expect(silent.isOpen).toBe(false);
  });

  it('numbers calls from 1, and each answer settles its own', async () => {
    const front = await new FakeFront().listen();
    const link = await front.welcomed();
    const [first, second] = [link.call(room.reqChat, { text: 'a' }), link.call(room.reqChat, { text: 'b' })];
    await front.clock.settle();
    expect(front.frames.slice(1).map(({ seq }) => seq)).toEqual([1, 2]);
    await front.says(encodeReply(room.reqChat, 2, { id: 8 }), encodeReply(room.reqChat, 1, { id: 7 }));
    expect([await first, await second]).toEqual([{ id: 7 }, { id: 8 }]);
    expect(link.openCalls).toBe(0);
  });

  it('tells a failure with its code, one of no catalogue as it came', async () => {
    const front = await new FakeFront().listen();
    const link = await front.welcomed();
    const calls = [link.call(LEAVE, {}), link.call(LEAVE, {})];
    const odd = msgpackLiteCodec().encode({ code: 'mishap', message: 'odd', mayHaveRun: true });
    await front.says(
      encodeFailure(LEAVE.reply.number, 1, new Failure('not_in_room', 'you are in none')),
      encodeFrame(LEAVE.reply.number, FrameKind.failure, { seq: 2, payload: odd }),
    );
    await expect(calls[0]).rejects.toMatchObject({
      ...{ code: 'not_in_room', answered: true, mayHaveRun: false },
      explanation: 'you are in none',
    });
    await expect(calls[1]).rejects.toMatchObject({ code: 'mishap', answered: true, mayHaveRun: true });
  });

  it('settles what is open by its end, and sends nothing afterwards', async () => {
    const front = await new FakeFront().listen();
    const ends: string[] = [];
    const link = await front.welcomed({ onEnded: (code) => ends.push(code) });
    const open = link.call(LEAVE, {});
    open.catch(() => undefined);
    await front.says(encodeMessage(net.bye, { code: 'shutting_down', message: 'bye' }));
    await front.ends();
    await expect(open).rejects.toMatchObject({ code: 'shutting_down', answered: false, mayHaveRun: true });
    await expect(link.call(LEAVE, {})).rejects.toMatchObject({ code: 'shutting_down', mayHaveRun: false });
    expect(link.write(Buffer.of(1))).toBe(false);
    link.end();
    await front.clock.settle();
    expect(ends).toEqual(['shutting_down']);
  });

  it('tells an answer that nobody waits for, and a message that is not its own', async () => {
    const front = await new FakeFront().listen();
    const told: string[] = [];
    const link = await front.welcomed({
      onUnasked: ({ seq }) => told.push(`unasked ${seq}`),
      onMessage: ({ topic }) => told.push(`message ${topic}`),
    });
    link.ask(LEAVE, {});
    await front.says(
      emptyReply(LEAVE.reply.number, 1),
      emptyReply(LEAVE.reply.number, 9),
      encodeMessage(auth.synKickout, { code: 'kicked', message: 'out' }),
    );
    expect(told).toEqual(['unasked 1', 'unasked 9', `message ${auth.synKickout.number}`]);
  });

  it('ends where it is told what is no frame', async () => {
    const front = await new FakeFront().listen();
    const link = await front.welcomed();
    const open = link.call(LEAVE, {});
    open.catch(() => undefined);
    await front.says(new Uint8Array(12));
    await expect(open).rejects.toMatchObject({ answered: false });
    expect([link.isOpen, front.isOpen]).toEqual([false, false]);
  });
});

describe('the heartbeats of a link', () => {
  const pings = ({ topics }: FakeFront): number => topics.filter((topic) => topic === net.ping.number).length;

  it('are answered, and sent where nothing comes; silence ends it', async () => {
    const front = await new FakeFront().listen();
    const ends: string[] = [];
    await front.welcomed({ onEnded: (code) => ends.push(code) });
    await front.says(encodeMessage(net.ping, {}));
    expect(front.topics.at(-1)).toBe(net.pong.number);
    await front.clock.advance(HEARTBEAT_MS + 1_000);
    expect(pings(front)).toBe(1);
    await front.says(encodeMessage(net.pong, {}));
    await front.clock.advance(2.5 * HEARTBEAT_MS);
    expect(ends).toEqual([]);
    await front.clock.advance(HEARTBEAT_MS);
    expect([ends, front.keeper.size]).toEqual([['heartbeat_timeout'], 0]);
  });

  it('do not count our own stall against the other side', async () => {
    const front = await new FakeFront().listen();
    const link = await front.welcomed();
    await front.clock.stall(20 * HEARTBEAT_MS);
    await front.clock.advance(HEARTBEAT_MS);
    expect(link.isOpen).toBe(true);
  });

  it('go on while it does not read', async () => {
    const front = await new FakeFront().listen();
    const link = await front.welcomed();
    link.pause();
    await front.clock.advance(6 * HEARTBEAT_MS);
    expect(link.isOpen).toBe(true);
    expect(pings(front)).toBeGreaterThan(3);
  });
});

describe('calls of a link, answered in any order, twice or never', () => {
  it('each settle once, and none is left after its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.record({ seq: fc.integer({ min: 1, max: 9 }), isFailure: fc.boolean() }), {
          maxLength: 20,
        }),
        async (count, answers) => {
          const front = await new FakeFront().listen();
          let unasked = 0;
          const link = await front.welcomed({ onUnasked: () => (unasked += 1) });
          const settled: string[] = [];
          for (let seq = 1; seq <= count; seq += 1)
            link.ask(
              room.reqChat,
              { text: 'x' },
              {
                resolve: ({ id }) => settled.push(`${seq} ${id}`),
                reject: ({ code }) => settled.push(`${seq} ${code}`),
              },
            );
          for (const [id, { seq, isFailure }] of answers.entries())
            await front.says(
              isFailure
                ? encodeFailure(room.reqChat.reply.number, seq, new Failure('throttled', ''))
                : encodeReply(room.reqChat, seq, { id }),
            );
          await front.ends();
          const expected = Array.from({ length: count }, (_, index) => {
            const at = answers.findIndex(({ seq }) => seq === index + 1);
            const answer = answers[at]?.isFailure === true ? 'throttled' : String(at);
            return `${index + 1} ${at < 0 ? 'connection_lost' : answer}`;
          });
          expect(settled.sort()).toEqual(expected.sort());
          expect(unasked).toBe(answers.length - expected.filter((one) => !one.endsWith('lost')).length);
          expect(link.openCalls).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
