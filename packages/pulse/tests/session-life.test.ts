/**
 * established, then frames in order, then closed: once each, whoever closes and wherever the bytes are cut.
 */
import { describe, expect, it } from '@jest/globals';
import { FrameKind } from '@lobby/net-frame';
import { encodeMessage, net } from '@lobby/protocol';
import fc from 'fast-check';
import { closed, established } from '../src/index.ts';
import type { ServerPulse, Session } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { FRONT, World, byteByByte } from './world.ts';
import { reported, said, told } from './topics.ts';

/** What happened, by session, in the order in which it was told. */
class Words {
  readonly bySession = new Map<number, string[]>();

  add(session: Session, word: string): void {
    const words = this.bySession.get(session.key) ?? [];
    words.push(word);
    this.bySession.set(session.key, words);
  }
}

function watch(server: ServerPulse, topic = reported): Words {
  const words = new Words();
  server
    .sub(established, (session) => words.add(session, 'established'))
    .sub(topic, (session, { epoch }) => words.add(session, String(epoch)))
    .sub(closed, (session) => words.add(session, 'closed'));
  return words;
}

describe('F10: the life of a session', () => {
  it('is told to both ends alike, whoever closes', async () => {
    for (const closer of ['near', 'far'] as const) {
      const world = new World();
      const [back, link] = [world.back(), world.link({}, { reconnect: false })];
      const seen: string[] = [];
      back.sub(closed, (_, { code, by }) => void seen.push(`back ${code} ${by}`));
      link.sub(closed, (_, { code, by }) => void seen.push(`link ${code} ${by}`));
      const ends = await world.open(back, link);
      ends[closer].close('superseded', 'a test');
      ends[closer].close('internal', 'a second close does nothing');
      await world.clock.advance(5_000);
      expect(seen.sort()).toEqual([
        `back superseded ${closer === 'far' ? 'local' : 'remote'}`,
        `link superseded ${closer === 'near' ? 'local' : 'remote'}`,
      ]);
      expect(ends.near.closedReason?.message).toBe('a test');
      expect(ends.far.closedReason?.message).toBe('a test');
    }
  });

  it('is closed by the network where the other end just goes', async () => {
    const world = new World();
    const front = world.front();
    const words = watch(front, said);
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.end();
    expect([...words.bySession.values()]).toEqual([['established', 'closed']]);
    expect(front.traffic.closed.get('connection_lost')).toBe(1);
  });

  it('sends, takes and counts nothing after closed', async () => {
    const world = new World();
    const { near, far } = await world.open(world.front(), world.client({ reconnect: false }));
    near.close('client_closed', 'a test');
    expect(near.state).toBe('closed');
    expect(near.send(said, { name: 'ana', epoch: 1 })).toBe(false);
    await world.clock.settle();
    expect(far.state).toBe('closed');
    far.admit('user', 'alice');
    expect(far.admitted).toBe(false);
    expect(far.standings).toEqual([]);
  });

  it('tells every listener the same word even if one of them closes the session meanwhile', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    for (const who of ['first', 'second']) {
      front
        .sub(established, () => void seen.push(`${who} established`))
        .sub(said, (session, { epoch }) => {
          seen.push(`${who} ${epoch}`);
          if (who === 'first') session.close('kicked', 'a test');
        })
        .sub(closed, () => void seen.push(`${who} closed`));
    }
    const { near } = await world.open(front, world.client({ reconnect: false }));
    near.send(said, { name: 'ana', epoch: 1 });
    near.send(said, { name: 'ana', epoch: 2 });
    await world.clock.settle();
    expect(seen).toEqual([
      'first established',
      'second established',
      'first 1',
      'second 1',
      'first closed',
      'second closed',
    ]);
  });

  it('begins with established for every listener, even if the first one ends it there', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    front.sub(established, (session) => session.close('kicked', 'not welcome'));
    front.sub(established, () => void seen.push('established'));
    front.sub(closed, () => void seen.push('closed'));
    await front.start();
    const peer = await RawPeer.established(world);
    expect(seen).toEqual(['established', 'closed']);
    expect(peer.bye).toBe('kicked');
    expect(front.sessions.size).toBe(0);
  });

  it('forgets an unknown code of a farewell, so that peers can not fill the counters with words of their own', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    front.sub(closed, (_, { code, message, by }) => void seen.push(`${code} ${by}: ${message}`));
    await front.start();
    for (const code of ['rubbish_1', 'rubbish_2', 'toString']) {
      const peer = await RawPeer.established(world);
      await peer.say(net.bye, { code, message: 'so long' });
    }
    expect(Object.fromEntries(front.traffic.closed)).toEqual({ connection_lost: 3 });
    expect(seen[0]).toBe('connection_lost remote: rubbish_1: so long');
  });

  it('ends on a farewell that is ill-typed, which is no fault of this side', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const peer = await RawPeer.established(world);
    await peer.sendAny(net.bye.number, FrameKind.message, { payload: { code: 7 } });
    expect(peer.bye).toBe('bad_request');
    expect(front.counters.handlerErrors).toBe(0);
    expect(world.log.errors).toEqual([]);
  });

  it('takes frames that lie in one chunk with the hello, after established', async () => {
    for (const split of [undefined, byteByByte]) {
      const world = new World(split === undefined ? {} : { split });
      const front = world.front();
      const seen: string[] = [];
      front
        .sub(established, () => void seen.push('established'))
        .sub(said, (_, { epoch }) => void seen.push(String(epoch)))
        .sub(closed, () => void seen.push('closed'));
      await front.start();
      const peer = await RawPeer.connect(world);
      const frames = [1, 2, 3].map((epoch) => encodeMessage(said, { name: 'ana', epoch }));
      const bye = encodeMessage(net.bye, { code: 'client_closed', message: '' });
      await peer.send(Buffer.concat([encodeMessage(net.hello, { v: 1 }), ...frames, bye, ...frames]));
      expect(seen).toEqual(['established', '1', '2', '3', 'closed']);
    }
  });

  it('gives what was sent before a close to the other side, and the farewell last', async () => {
    const world = new World();
    const front = world.front();
    front.sub(established, (session) => {
      session.send(told, { name: 'ana', epoch: 1 });
      session.close('kicked', 'a test');
      session.send(told, { name: 'ana', epoch: 2 });
    });
    await front.start();
    const peer = await RawPeer.established(world);
    expect(peer.frames.map(({ topic }) => topic)).toEqual([net.welcome.number, told.number, net.bye.number]);
  });

  it('reads as established, frames in order, closed, for any closes at any time', async () => {
    const anyStep = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ what: fc.constant('send'), count: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('near closes', 'far closes', 'cut') }) },
      { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('settle', 'wait') }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), fc.boolean(), async (steps, cutBytes) => {
        const world = new World(cutBytes ? { split: byteByByte } : {});
        const [back, link] = [world.back(), world.link()];
        const words = watch(back);
        await back.start();
        link.start();
        await world.clock.settle();
        const sent = new Map<number, number>();
        for (const step of steps) {
          const near = link.session;
          if (step.what === 'send' && near !== undefined) {
            const count = 'count' in step ? step.count : 0;
            for (let left = count; left > 0; left -= 1) {
              const epoch = (sent.get(near.remoteKey ?? 0) ?? 0) + 1;
              near.send(reported, { name: 'ana', epoch });
              sent.set(near.remoteKey ?? 0, epoch);
            }
          } else if (step.what === 'near closes') near?.close('superseded', 'a test');
          else if (step.what === 'far closes')
            back.sessions.get(near?.remoteKey ?? 0)?.close('superseded', 'a test');
          else if (step.what === 'cut') near?.close('connection_lost', 'a test');
          else if (step.what === 'settle') await world.clock.settle();
          else if (step.what === 'wait') await world.clock.advance(100);
        }
        const stopping = Promise.all([link.stop(), back.stop()]);
        await world.clock.settle();
        await stopping;
        for (const [key, word] of words.bySession) {
          const frames = word.slice(1, -1).map(Number);
          expect([word.at(0), word.at(-1)]).toEqual(['established', 'closed']);
          expect(frames).toEqual(frames.map((_, index) => index + 1));
          expect(frames.length).toBeLessThanOrEqual(sent.get(key) ?? 0);
        }
        expect(back.sessions.size).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('never gives two sessions of a process one key', async () => {
    const world = new World();
    const front = world.front();
    const keys: number[] = [];
    front.sub(established, (session) => void keys.push(session.key));
    await front.start();
    for (let count = 0; count < 20; count += 1) {
      const peer = await RawPeer.connect(world, FRONT);
      await peer.say(net.hello, { v: 1 });
      await peer.end();
    }
    expect(new Set(keys).size).toBe(20);
  });
});
