/** The answerer's side: a call that reached a handler is answered exactly once, whatever the handler does. */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FrameKind, nodePlatform } from '@lobby/net-frame';
import { Failure, auth, room } from '@lobby/protocol';
import { CallFailure } from '@lobby/call';
import { RawPeer } from './raw-peer.ts';
import { reported, said } from './topics.ts';
import { World, outcome } from './world.ts';

const ALICE = { name: 'alice', password: 'long enough' };
const USER = { user: 'alice', epoch: 1 };

const fault = (): never => {
  throw new TypeError('a bug on purpose');
};
const laterFault = (): Promise<never> => Promise.reject(new TypeError('a bug on purpose'));

describe('a handler that answers', () => {
  it.each([
    ['throws', fault],
    ['rejects', laterFault],
  ])(
    'tells the caller internal when it %s anything but a failure, and the session stays',
    async (_, handler) => {
      const world = new World();
      const front = world.front();
      front.answer(auth.reqRegister, handler);
      const { near, far } = await world.open(front, world.client());
      await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
        outcome: 'failure',
        code: 'internal',
        message: expect.not.stringContaining('bug'),
      });
      expect(far.state).toBe('established');
      expect(front.counters.handlerErrors).toBe(1);
      expect(world.log.errors[0]?.fields).toMatchObject({ session: far.key, topic: 'auth.req_register' });
    },
  );

  it('tells the caller the failure that it threw, and logs nothing', async () => {
    const world = new World();
    const front = world.front().answer(auth.reqRegister, async () => {
      throw new Failure('name_taken', 'alice is taken');
    });
    const { near } = await world.open(front, world.client());
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
      code: 'name_taken',
      message: 'alice is taken',
    });
    expect(world.log.errors).toEqual([]);
  });

  it('passes on what became of a call of its own: its code, and that it may have run', async () => {
    const world = new World();
    const front = world.front().answer(auth.reqRegister, async () => {
      throw new CallFailure('unknown', 'backend_unavailable', { message: 'the back is gone' });
    });
    const { near } = await world.open(front, world.client());
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
      outcome: 'failure',
      code: 'backend_unavailable',
      mayHaveRun: true,
    });
  });

  it.each([
    ['at once', () => ({ userId: 1n }) as never],
    ['later', () => Promise.resolve({ userId: 1n } as never)],
  ])('tells internal where its value, there %s, can not be written', async (_, handler) => {
    const world = new World();
    const front = world.front().answer(auth.reqRegister, handler);
    const { near } = await world.open(front, world.client());
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
      code: 'internal',
    });
    expect(front.counters.handlerErrors).toBe(1);
    expect(front['root'].answers.debts.size).toBe(0);
  });

  it('is told whether the caller still waits: not any more when deadline was told', async () => {
    const world = new World();
    const gate = Promise.withResolvers<void>();
    const seen: boolean[] = [];
    const front = world.front().answer(auth.reqRegister, async (_, __, asking) => {
      seen.push(asking.lapsed);
      await gate.promise;
      seen.push(asking.lapsed);
      return { userId: 'u' };
    });
    const { near } = await world.open(front, world.client());
    const call = outcome(near.call(auth.reqRegister, ALICE));
    await world.clock.advance(4_999);
    const inTime = outcome(near.call(auth.reqRegister, { ...ALICE, name: 'bob' }));
    await world.clock.advance(1);
    gate.resolve();
    await world.clock.settle();
    expect(call.error).toMatchObject({ code: 'deadline' });
    expect(inTime.value).toEqual({ userId: 'u' });
    expect(seen).toEqual([false, false, true, false]);
  });

  it('is answered for with deadline when it says nothing for 5 s, and what it says later is dropped and counted', async () => {
    const world = new World();
    let answer = (): void => undefined;
    const front = world
      .front()
      .answer(auth.reqRegister, () => new Promise((resolve) => (answer = () => resolve({ userId: 'u' }))));
    await front.start();
    const peer = await RawPeer.established(world);
    const [session] = front.sessions.values();
    session?.admit('user', 'alice');
    await peer.ask(auth.reqRegister, 7, ALICE);
    await world.clock.advance(4_999);
    expect(peer.failureOf(7)).toBeUndefined();
    await world.clock.advance(1);
    expect(peer.failureOf(7)).toMatchObject({ code: 'deadline', mayHaveRun: true });
    answer();
    await world.clock.settle();
    expect(peer.frames.filter(({ seq }) => seq === 7)).toHaveLength(1);
    expect(front.counters.lateAnswers).toBe(1);
    expect(session?.state).toBe('established');
  });

  it('owes nothing to a session that has ended', async () => {
    const world = new World();
    let answer = (): void => undefined;
    const front = world
      .front()
      .answer(auth.reqRegister, () => new Promise((resolve) => (answer = () => resolve({ userId: 'u' }))));
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.ask(auth.reqRegister, 7, ALICE);
    await peer.end();
    answer();
    await world.clock.advance(10_000);
    expect(front['root'].answers.debts.size).toBe(0);
    expect(world.clock.timers).toBe(0);
    expect(front.counters.lateAnswers).toBe(0);
    expect(world.log.errors).toEqual([]);
  });

  it('answers many calls of one session each with its own, in whatever order it finishes', async () => {
    const world = new World();
    const finish: (() => void)[] = [];
    const front = world
      .front()
      .answer(
        auth.reqRegister,
        (_, { name }) => new Promise((resolve) => finish.push(() => resolve({ userId: name }))),
      );
    const { near } = await world.open(front, world.client());
    const seen = ['a', 'b', 'c'].map((name) => outcome(near.call(auth.reqRegister, { ...ALICE, name })));
    await world.clock.settle();
    for (const index of [2, 0, 1]) finish[index]?.();
    await world.clock.settle();
    expect(seen.map(({ value }) => value)).toEqual([{ userId: 'a' }, { userId: 'b' }, { userId: 'c' }]);
  });

  it('may answer with nothing where the reply has no keys', async () => {
    const world = new World();
    const front = world.front().answer(room.reqLeave, () => undefined as never);
    await front.start();
    const peer = await RawPeer.established(world);
    for (const session of front.sessions.values()) session.admit('member', 'alice');
    await peer.ask(room.reqLeave, 1, {});
    expect(peer.replyTo(1)?.kind).toBe(FrameKind.reply);
  });
});

describe('a handler of a message that throws', () => {
  it.each([
    ['throws', fault],
    ['rejects', laterFault],
  ])('ends the session of that client only when it %s', async (_, handler) => {
    const world = new World();
    const front = world.front().sub(said, (_session, { name }) => (name === 'bad' ? handler() : undefined));
    await front.start();
    const [bad, good] = [await RawPeer.established(world), await RawPeer.established(world)];
    await bad.say(said, { name: 'bad', epoch: 1 });
    await good.say(said, { name: 'good', epoch: 1 });
    expect(bad.bye).toBe('internal');
    expect(good.gone).toBe(false);
    expect(front.sessions.size).toBe(1);
    expect(world.log.errors[0]?.fields).toMatchObject({ topic: 'test.syn_said', err: expect.any(TypeError) });
  });

  it.each([
    ['throws', fault],
    ['rejects', laterFault],
  ])('is logged and leaves the link between services when it %s', async (_, handler) => {
    const world = new World();
    let taken = 0;
    const back = world.back().sub(reported, (_session, { epoch }) => {
      taken += 1;
      return epoch === 1 ? handler() : undefined;
    });
    const { near, far } = await world.open(back, world.link());
    near.send(reported, { name: 'ana', epoch: 1 });
    near.send(reported, { name: 'ana', epoch: 2 });
    await world.clock.settle();
    expect(taken).toBe(2);
    expect(far.state).toBe('established');
    expect(world.log.errors[0]?.fields).toMatchObject({ session: far.key, topic: 'auth.syn_logout_f2b' });
    expect(back.counters.handlerErrors).toBe(1);
  });
});

describe('a strand', () => {
  it('is held by a handler, whose calls settle all the same', async () => {
    const world = new World();
    const seen: string[] = [];
    const back = world.back().answer(room.reqSeatF2b, () => ({}));
    const { near: link } = await world.open(back, world.link());
    const front = world.front();
    await world.open(front, world.client());
    const [session] = front.sessions.values();
    if (session === undefined) throw new Error('a client is there');
    session.admit('user', 'alice');
    const child = front.asChild({ session, strand: 'alice' });
    child.post(async () => {
      seen.push('asking');
      await link.call(room.reqSeatF2b, USER);
      seen.push('answered');
    });
    child.post(() => void seen.push('next'));
    await world.clock.settle();
    expect(seen).toEqual(['asking', 'answered', 'next']);
  });

  it('lets a reply on the very session whose strand is held pass by', async () => {
    const world = new World();
    const seen: string[] = [];
    const back = world.back();
    back.sub(reported, () => void seen.push('reported')).answer(room.reqSeatF2b, () => ({}));
    const link = world.link();
    const { near, far } = await world.open(back, link);
    const child = link.asChild({ session: near, strand: 'one' });
    child.answer(auth.reqKickB2f, async () => {
      seen.push('kick');
      await child.call(room.reqSeatF2b, USER);
      seen.push('kicked');
      return { kicked: true };
    });
    const kick = { name: 'alice', epoch: 1, session: 1, code: 'kicked', message: '' };
    const kicks = [1, 2].map(() => outcome(far.call(auth.reqKickB2f, kick)));
    await world.clock.settle();
    expect(kicks.map(({ settled }) => settled)).toEqual([1, 1]);
    expect(seen).toEqual(['kick', 'kicked', 'kick', 'kicked']);
  });

  it('is released by the end of the session that its handler waited on', async () => {
    const world = new World();
    const seen: string[] = [];
    const back = world.back().answer(room.reqSeatF2b, () => new Promise(() => undefined));
    const link = world.link({}, { reconnect: false });
    const { near, far } = await world.open(back, link);
    const child = link.asChild({ session: near, strand: 'one' });
    child.post(async () => {
      await child.call(room.reqSeatF2b, USER).catch((error: CallFailure) => seen.push(error.outcome));
    });
    await world.clock.settle();
    far.close('internal', 'a test');
    await world.clock.settle();
    expect(seen).toEqual(['unknown']);
    expect(child.stopped).toBe(true);
    expect(link['root'].strands.size).toBe(0);
  });

  it('is one for all pulses of its key, across sessions, and throws where it would wait for itself', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    await front.start();
    const peers = [await RawPeer.established(world), await RawPeer.established(world)];
    let goOn = (): void => undefined;
    for (const session of front.sessions.values()) {
      front.asChild({ session, strand: 'room' }).sub(said, (_, { name }) => {
        seen.push(name);
        return name === 'first' ? new Promise<void>((resolve) => (goOn = resolve)) : undefined;
      });
    }
    await peers[0]?.say(said, { name: 'first', epoch: 1 });
    await peers[1]?.say(said, { name: 'second', epoch: 1 });
    expect(seen).toEqual(['first']);
    goOn();
    await world.clock.settle();
    expect(seen).toEqual(['first', 'second']);
    const one = front.asChild({ strand: 'room' });
    const inside = world.settled(one.run(() => one.run(() => 'never')));
    await expect(inside).rejects.toMatchObject({ code: 'strand_reentered' });
    const keyed = world.settled(front.onStrand('key', () => front.onStrand('key', () => 'never')));
    await expect(keyed).rejects.toMatchObject({ code: 'strand_reentered' });
    await expect(world.settled(front.onStrand('key', () => 'free'))).resolves.toBe('free');
  });

  it('does not take a task that was posted from inside it for a part of it', async () => {
    const world = new World();
    const front = world.front({}, { platform: nodePlatform({ transport: world.network }) });
    const room = front.asChild({ strand: 'room' });
    let goOn = (): void => undefined;
    let posted = outcome(Promise.resolve<unknown>(undefined));
    room.post(() => {
      front.post(() => void (posted = outcome(room.run(() => 'ran'))));
      return new Promise<void>((resolve) => (goOn = resolve));
    });
    for (let turn = 0; turn < 5; turn += 1) await turnOfEventLoop();
    goOn();
    for (let turn = 0; turn < 5; turn += 1) await turnOfEventLoop();
    expect(posted.value).toBe('ran');
  });
});
