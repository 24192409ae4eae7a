/** Which handler sees a frame, and what becomes of frames that none may see. */
import { describe, expect, it } from '@jest/globals';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import { auth, net, room, service } from '@lobby/protocol';
import { RawPeer } from './raw-peer.ts';
import { reported, said, told } from './topics.ts';
import { World } from './world.ts';

const ALICE = { name: 'alice', password: 'long enough' };

describe('dispatch', () => {
  it('prefers those who listen to the session to those who listen to all', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    front.sub(said, (session, { epoch }) => void seen.push(`root ${session.key} ${epoch}`));
    await front.start();
    const [one, two] = [await RawPeer.established(world), await RawPeer.established(world)];
    const [first, second] = [...front.sessions.values()];
    if (first === undefined || second === undefined) throw new Error('two sessions are there');
    const child = front
      .asChild({ session: first })
      .sub(said, (_, { epoch }) => void seen.push(`child ${epoch}`));
    await one.say(said, { name: 'ana', epoch: 1 });
    await two.say(said, { name: 'ana', epoch: 2 });
    child.stop();
    await one.say(said, { name: 'ana', epoch: 3 });
    expect(seen).toEqual(['child 1', `root ${second.key} 2`, `root ${first.key} 3`]);
  });

  it('tells a message to all who listen, in the order in which they came, and a stopped one no more', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    front.sub(said, () => void seen.push('first'));
    const child = front.asChild().sub(said, () => void seen.push('second'));
    front.sub(said, () => void seen.push('third'));
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.say(said, { name: 'ana', epoch: 1 });
    child.stop();
    await peer.say(said, { name: 'ana', epoch: 2 });
    expect(seen).toEqual(['first', 'second', 'third', 'first', 'third']);
  });

  it('answers a call of the highest topic number, whose reply can have no number of its own', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.sendAny(0xffff, FrameKind.call, { seq: 7 });
    const answer = peer.frames.at(-1);
    expect(answer).toMatchObject({ topic: 0xffff, kind: FrameKind.failure, seq: 7 });
    expect(front.counters.handlerErrors).toBe(0);
    expect(peer.gone).toBe(false);
  });

  it('refuses a topic of the wrong direction when it is subscribed', () => {
    const world = new World();
    const [front, client, back, link] = [world.front(), world.client(), world.back(), world.link()];
    const wrong = expect.objectContaining({ code: 'wrong_direction' });
    expect(() => front.sub(told, () => undefined)).toThrow(wrong);
    expect(() => front.sub(reported, () => undefined)).toThrow(wrong);
    expect(() => front.sub(net.ping, () => undefined)).toThrow(wrong);
    expect(() => front.answer(auth.reqKickB2f, () => ({ kicked: true }))).toThrow(wrong);
    expect(() => front.takes(auth.reqLoginF2b)).toThrow(wrong);
    expect(() => client.answer(auth.reqLogin, () => Promise.reject(new Error('never')))).toThrow(wrong);
    expect(() => back.sub(service.synLobbyMasterUp, () => undefined)).toThrow(wrong);
    expect(() => link.sub(service.synLobbyRunnerUp, () => undefined)).toThrow(wrong);
    expect(front['root'].subscriptions.size).toBe(0);
  });

  it('refuses a second one who answers the same call of the same session', async () => {
    const world = new World();
    const front = world.front();
    const register = (): { userId: string } => ({ userId: 'u' });
    front.answer(auth.reqRegister, register);
    const twice = expect.objectContaining({ code: 'already_answered' });
    expect(() => front.answer(auth.reqRegister, register)).toThrow(twice);
    expect(() => front.asChild().answer(auth.reqRegister, register)).toThrow(twice);
    const { far } = await world.open(front, world.client());
    front.asChild({ session: far }).answer(auth.reqRegister, register);
    expect(() => front.asChild({ session: far }).answer(auth.reqRegister, register)).toThrow(twice);
  });
});

describe('a frame that is not taken', () => {
  /** A front that answers registrations and knows leaving a room, and a client of it. */
  async function open(world: World) {
    const front = world.front();
    const users: string[] = [];
    front
      .takes(room.reqLeave, room.reqReserve)
      .answer(auth.reqRegister, (_, { name }) => {
        users.push(name);
        return { userId: name };
      })
      .sub(said, (_, { name }) => void users.push(name));
    await front.start();
    return { front, users, peer: await RawPeer.established(world) };
  }

  it('fails as unknown_topic, whoever says it: nobody, a service, or a server', async () => {
    const world = new World();
    const { front, peer } = await open(world);
    await peer.sendAny(999, FrameKind.call, { seq: 1 });
    await peer.sendAny(auth.reqLoginF2b.number, FrameKind.call, { seq: 2 });
    await peer.sendAny(auth.reqKickB2f.number, FrameKind.call, { seq: 3 });
    await peer.sendAny(auth.synKickout.number, FrameKind.call, { seq: 4 });
    await peer.sendAny(net.challenge.number, FrameKind.call, { seq: 5 });
    for (const seq of [1, 2, 3, 4, 5]) expect(peer.failureOf(seq)?.code).toBe('unknown_topic');
    expect(peer.frames.find(({ seq }) => seq === 2)?.topic).toBe(auth.reqLoginF2b.reply.number);
    expect(front.counters.refusedTopics).toBe(5);
  });

  it('is dropped and counted where it is a message, or bears the wrong kind', async () => {
    const world = new World();
    const { front, users, peer } = await open(world);
    const before = peer.frames.length;
    await peer.say(reported, { name: 'ana', epoch: 1 });
    await peer.sendAny(auth.reqRegister.number, FrameKind.message, { payload: ALICE });
    await peer.sendAny(auth.reqRegister.reply.number, FrameKind.reply, { seq: 1, payload: { userId: 'a' } });
    await peer.sendAny(auth.reqRegister.reply.number, FrameKind.failure, { seq: 1 });
    expect(front.counters.refusedTopics).toBe(4);
    await peer.sendAny(said.number, FrameKind.call, { seq: 9, payload: { name: 'ana', epoch: 1 } });
    expect(peer.failureOf(9)?.code).toBe('unknown_topic');
    expect(peer.frames.length).toBe(before + 1);
    expect(users).toEqual([]);
  });

  it('fails as unauthenticated before the session may ask it, and as unknown_topic where nobody answers it yet', async () => {
    const world = new World();
    const { front, peer } = await open(world);
    await peer.ask(room.reqLeave, 1, {});
    expect(peer.failureOf(1)?.code).toBe('unauthenticated');
    const [session] = front.sessions.values();
    session?.admit('user', 'alice');
    await peer.ask(room.reqLeave, 2, {});
    expect(peer.failureOf(2)?.code).toBe('unknown_topic');
    front.answer(room.reqLeave, () => ({}));
    await peer.ask(room.reqLeave, 3, {});
    expect(peer.replyTo(3)).toBeDefined();
    session?.dismiss('user');
    await peer.ask(room.reqLeave, 4, {});
    expect(peer.failureOf(4)?.code).toBe('unauthenticated');
  });

  it('fails as bad_request where it is ill-typed, naming topic and key, and the session stays', async () => {
    const world = new World();
    const { front, users, peer } = await open(world);
    await peer.sendAny(auth.reqRegister.number, FrameKind.call, {
      seq: 1,
      payload: { name: 'alice', password: 7 },
    });
    await peer.sendAny(auth.reqRegister.number, FrameKind.call, { seq: 2 });
    await peer.sendAny(said.number, FrameKind.message, { payload: { name: 'alice', epoch: -1 } });
    expect(peer.failureOf(1)).toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('password'),
    });
    expect(peer.failureOf(2)?.message).toContain('auth.req_register');
    expect(front.counters.badRequests).toBe(3);
    await peer.sendAny(auth.reqRegister.number, FrameKind.call, {
      seq: 3,
      payload: { ...ALICE, colour: 'blue' },
    });
    expect(peer.replyTo(3)).toBeDefined();
    expect(users).toEqual(['alice']);
  });

  it('closes the session where its payload is no well-formed map', async () => {
    const world = new World();
    const { users, peer } = await open(world);
    await peer.send(Buffer.from('0000000a' + '00c90100' + '00000001' + '9100', 'hex'));
    expect(peer.bye).toBe('bad_frame');
    expect(users).toEqual([]);
  });

  it('is not decoded where nobody may hear it: what is no payload at all is refused by its topic', async () => {
    const world = new World();
    const { front, peer } = await open(world);
    const noMap = '9100';
    for (const [topic, seq] of [
      ['03e7', '00000001'], // of no number that there is
      ['0137', '00000002'], // room.req_chat, which nobody answers here
      ['0139', '00000003'], // room.req_leave, before it may be asked
    ])
      await peer.send(Buffer.from(`0000000a${topic}0100${seq}${noMap}`, 'hex'));
    expect([1, 2, 3].map((seq) => peer.failureOf(seq)?.code)).toEqual([
      'unknown_topic',
      'unknown_topic',
      'unauthenticated',
    ]);
    expect([front.counters.refusedTopics, front.counters.badRequests, peer.bye]).toEqual([3, 0, undefined]);
  });

  it.each([
    ['unknown_topic', 999, {}],
    ['bad_request', auth.reqRegister.number, {}],
    ['unknown_topic', room.reqLeave.number, {}],
  ])('closes as %s when it is the tenth in a row (topic %i)', async (code, topic, payload) => {
    const world = new World();
    const { peer } = await open(world);
    for (let seq = 1; seq <= 9; seq += 1) await peer.sendAny(topic, FrameKind.call, { seq, payload });
    expect(peer.gone).toBe(false);
    await peer.sendAny(topic, FrameKind.call, { seq: 10, payload });
    expect(peer.failureOf(10)).toBeDefined();
    expect(peer.bye).toBe(code);
    expect(peer.gone).toBe(true);
  });

  it('counts from none again after a good one', async () => {
    const world = new World();
    const { peer } = await open(world);
    for (let round = 0; round < 3; round += 1) {
      for (let seq = 1; seq <= 9; seq += 1) await peer.sendAny(999, FrameKind.call, { seq });
      await peer.ask(auth.reqRegister, 10, ALICE);
    }
    expect(peer.gone).toBe(false);
  });

  it('does not hold late answers against a service: they are counted', async () => {
    const world = new World();
    const back = world.back();
    const { near } = await world.open(back, world.link());
    const nobodyAskedFor = encodeFrame(auth.reqKickB2f.reply.number, FrameKind.reply, { seq: 5 });
    for (let count = 0; count < 20; count += 1) near.sendEncoded(nobodyAskedFor);
    await world.clock.settle();
    expect(near.state).toBe('established');
    expect(back.counters.calls.late).toBe(20);
  });
});

describe('dispatch on a service port', () => {
  it('takes no word of clients', async () => {
    const world = new World();
    const back = world.back();
    const { near } = await world.open(back, world.link());
    await expect(world.settled(near.call(auth.reqRegister, ALICE))).rejects.toMatchObject({
      code: 'unknown_topic',
      outcome: 'failure',
    });
  });
});
