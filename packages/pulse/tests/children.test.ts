/** Child pulses: what is begun through one ends with it, and nothing of it is left. */
import { describe, expect, it } from '@jest/globals';
import { room } from '@lobby/protocol';
import { closed, established } from '../src/index.ts';
import type { ServerPulse, Session } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { said } from './topics.ts';
import { World, outcome } from './world.ts';

/** Everything that a server holds which could be left behind. */
function holdings(world: World, server: ServerPulse) {
  const root = server['root'];
  return {
    sessions: server.sessions.size,
    subscriptions: root.subscriptions.size,
    strands: root.strands.size,
    debts: root.answers.debts.size,
    ownChildren: [...root.sessions.values()].flatMap(({ bound }) => [...bound]).length,
    timers: world.clock.timers,
  };
}

describe('the children of sessions', () => {
  it('leave nothing behind: the counts after 1,000 sessions equal those before', async () => {
    const world = new World();
    const front = world.front({ rate: false });
    let ends = 0;
    front.sub(established, (session) => {
      const child = front.asChild({ session, strand: `user:${session.key}` });
      child.answer(room.reqLeave, async () => ({})).sub(said, () => undefined);
      child.sub(closed, () => void (ends += 1));
      child.repeat(60_000, () => undefined);
      child.once(60_000, () => undefined);
      child.asChild({ strand: 'all' }).sub(said, async () => undefined);
      session.admit('user', 'alice');
    });
    await front.start();
    const before = holdings(world, front);
    for (let round = 0; round < 10; round += 1) {
      const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.established(world)));
      expect(front.sessions.size).toBe(100);
      await Promise.all(peers.map((peer) => peer.ask(room.reqLeave, 1, {})));
      expect(peers.every((peer) => peer.replyTo(1) !== undefined)).toBe(true);
      await Promise.all(peers.map((peer) => peer.end()));
    }
    expect(ends).toBe(1_000);
    await world.clock.advance(10_000);
    expect(holdings(world, front)).toEqual(before);
  });

  it('are told closed on a session that is closed already, each once', async () => {
    const world = new World();
    const front = world.front();
    const { far } = await world.open(front, world.client({ reconnect: false }));
    far.close('kicked', 'a test');
    const seen: string[] = [];
    const child = front.asChild({ session: far }).sub(closed, (_, { code }) => void seen.push(code));
    expect(seen).toEqual([]);
    await world.clock.settle();
    expect(seen).toEqual(['kicked']);
    expect(child.stopped).toBe(true);
    expect(far.boundPulses).toBe(0);
  });

  it('are told closed even if they are made while it is told', async () => {
    const world = new World();
    const front = world.front();
    const seen: string[] = [];
    front.sub(closed, (session) => {
      front.asChild({ session, strand: 'a' }).sub(closed, (_, { code }) => void seen.push(code));
    });
    const { far } = await world.open(front, world.client({ reconnect: false }));
    far.close('kicked', 'a test');
    await world.clock.settle();
    expect(seen).toEqual(['kicked']);
    expect(far.boundPulses).toBe(0);
    expect(front['root'].strands.size).toBe(0);
  });

  it('hear of the end after what waited on their strand, and stop then, parents and children', async () => {
    const world = new World();
    const front = world.front();
    const { near, far } = await world.open(front, world.client({ reconnect: false }));
    const seen: string[] = [];
    let goOn = (): void => undefined;
    const parent = front.asChild({ session: far });
    const child = parent.asChild({ strand: 'slow' });
    child
      .sub(said, (_, { epoch }) => {
        seen.push(String(epoch));
        if (epoch === 1) return new Promise<void>((resolve) => (goOn = resolve));
        return undefined;
      })
      .sub(closed, () => void seen.push('closed'));
    near.send(said, { name: 'ana', epoch: 1 });
    near.send(said, { name: 'ana', epoch: 2 });
    near.close('client_closed', 'a test');
    await world.clock.settle();
    expect(far.state).toBe('closed');
    expect(seen).toEqual(['1']);
    expect(parent.stopped).toBe(true);
    expect(child.stopped).toBe(false);
    goOn();
    await world.clock.settle();
    expect(seen).toEqual(['1', '2', 'closed']);
    expect(child.stopped).toBe(true);
    expect(far.boundPulses).toBe(0);
    expect(front['root'].strands.size).toBe(0);
  });

  it('stop with the child that they are children of, and do not stop it', async () => {
    const world = new World();
    const front = world.front();
    const { near, far } = await world.open(front, world.client());
    const seen: string[] = [];
    const parent = front.asChild({ session: far }).sub(said, () => void seen.push('parent'));
    const [one, two] = [parent.asChild(), parent.asChild()];
    one.sub(said, () => void seen.push('one'));
    two.sub(said, () => void seen.push('two'));
    near.send(said, { name: 'ana', epoch: 1 });
    await world.clock.settle();
    expect(seen).toEqual(['parent', 'one', 'two']);
    one.stop();
    one.stop();
    near.send(said, { name: 'ana', epoch: 2 });
    await world.clock.settle();
    expect(seen.slice(3)).toEqual(['parent', 'two']);
    parent.stop();
    expect(two.stopped).toBe(true);
    expect(far.boundTopics).toBe(0);
    expect(far.boundPulses).toBe(0);
    expect(() => parent.asChild()).toThrow(expect.objectContaining({ code: 'stopped' }));
    expect(far.state).toBe('established');
  });

  it('call no handler after stop, not even for what waits on the strand; a call that waited is answered', async () => {
    const world = new World();
    const front = world.front();
    const { near, far } = await world.open(front, world.client());
    far.admit('user', 'alice');
    const seen: string[] = [];
    let goOn = (): void => undefined;
    const child = front.asChild({ session: far, strand: 'a' });
    child
      .sub(said, (_, { epoch }) => {
        seen.push(String(epoch));
        return new Promise<void>((resolve) => (goOn = resolve));
      })
      .answer(room.reqLeave, () => {
        seen.push('leave');
        return {};
      });
    near.send(said, { name: 'ana', epoch: 1 });
    near.send(said, { name: 'ana', epoch: 2 });
    const answer = near.call(room.reqLeave, {});
    outcome(answer);
    await world.clock.settle();
    child.stop();
    goOn();
    await expect(world.settled(answer)).rejects.toMatchObject({ code: 'unknown_topic', mayHaveRun: false });
    expect(seen).toEqual(['1']);
    expect(front['root'].strands.size).toBe(0);
  });
});

describe('post, once and repeat', () => {
  async function child(world: World): Promise<{ front: ServerPulse; far: Session; near: Session }> {
    const front = world.front();
    return { front, ...(await world.open(front, world.client({ reconnect: false }))) };
  }

  it('run when they are due, on the strand', async () => {
    const world = new World();
    const { front, far } = await child(world);
    const pulse = front.asChild({ session: far, strand: 'a' });
    const seen: string[] = [];
    const start = world.clock.now();
    pulse.post(() => void seen.push('posted'));
    pulse.once(100, () => void seen.push(`once ${world.clock.now() - start}`));
    pulse.repeat(70, () => void seen.push(`repeated ${world.clock.now() - start}`));
    expect(seen).toEqual([]);
    await world.clock.advance(150);
    expect(seen).toEqual(['posted', 'repeated 70', 'once 100', 'repeated 140']);
  });

  it('end with the pulse, whether it is stopped or its session ends', async () => {
    for (const end of ['stop', 'session'] as const) {
      const world = new World();
      const { front, far } = await child(world);
      const pulse = front.asChild({ session: far, strand: 'a' });
      const seen: string[] = [];
      pulse.once(100, () => void seen.push('once'));
      pulse.repeat(100, () => void seen.push('repeated'));
      pulse.post(() => void seen.push('posted'));
      if (end === 'stop') pulse.stop();
      else far.close('kicked', 'a test');
      await world.clock.advance(1_000);
      expect(seen).toEqual([]);
      await world.settled(front.stop());
      expect(world.clock.timers).toBe(0);
    }
  });

  it('can be cancelled, before and between, twice without harm', async () => {
    const world = new World();
    const { front } = await child(world);
    const seen: string[] = [];
    const once = front.once(100, () => void seen.push('once'));
    const repeated = front.repeat(100, () => void seen.push('repeated'));
    once.cancel();
    once.cancel();
    await world.clock.advance(150);
    repeated.cancel();
    repeated.cancel();
    await world.clock.advance(1_000);
    expect(seen).toEqual(['repeated']);
  });

  it('log a task that fails and go on', async () => {
    const world = new World();
    const { front } = await child(world);
    let runs = 0;
    front.repeat(100, () => {
      runs += 1;
      if (runs === 1) throw new Error('failed on purpose');
      return Promise.reject(new Error('failed on purpose'));
    });
    front.post(() => {
      throw new Error('failed on purpose');
    });
    await world.clock.advance(310);
    expect(runs).toBe(3);
    expect(front.counters.handlerErrors).toBe(4);
    expect(world.log.errors).toHaveLength(4);
  });

  it('let a task that takes long delay the next one', async () => {
    const world = new World();
    const { front } = await child(world);
    const begun: number[] = [];
    const start = world.clock.now();
    front.repeat(100, () => {
      begun.push(world.clock.now() - start);
      return new Promise((resolve) => void world.clock.setTimer(250, resolve));
    });
    await world.clock.advance(1_000);
    expect(begun).toEqual([100, 450, 800]);
  });

  it('are refused on a stopped pulse', async () => {
    const world = new World();
    const { front } = await child(world);
    const pulse = front.asChild();
    pulse.stop();
    const stopped = expect.objectContaining({ code: 'stopped' });
    expect(() => pulse.post(() => undefined)).toThrow(stopped);
    expect(() => pulse.once(1, () => undefined)).toThrow(stopped);
    expect(() => pulse.repeat(1, () => undefined)).toThrow(stopped);
    expect(() => pulse.run(() => undefined)).toThrow(stopped);
    expect(() => pulse.sub(said, () => undefined)).toThrow(stopped);
    expect(() => pulse.asChild()).toThrow(stopped);
  });
});
