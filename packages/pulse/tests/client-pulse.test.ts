/** A client pulse: how it connects, comes back, and stops. */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryNetwork, nodePlatform } from '@lobby/net-frame';
import type { Pipe } from '@lobby/net-frame';
import { encodeMessage, net } from '@lobby/protocol';
import fc from 'fast-check';
import { closed, established } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { said } from './topics.ts';
import { FRONT, World, outcome } from './world.ts';

/** When the attempts to connect were made, on the clock of the world. */
function attempts(world: World): number[] {
  const at: number[] = [];
  const connect = world.network.connect.bind(world.network);
  world.network.connect = (options) => {
    at.push(world.clock.now());
    return connect(options);
  };
  return at;
}

const gaps = (at: readonly number[]): number[] => at.slice(1).map((time, index) => time - (at[index] ?? 0));

describe('ClientPulse', () => {
  it('connects again with full jitter, longer after each failure, up to the longest', async () => {
    const world = new World();
    world.chance = 0.5;
    const at = attempts(world);
    const client = world.client({ reconnect: { minMs: 50, maxMs: 2_000 } });
    client.start();
    await world.clock.advance(6_000);
    expect(gaps(at).slice(0, 7)).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
    expect(client.lastFault).toContain("can't connect to front:7000");
  });

  it('waits for that part of the longest wait that chance says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.05, max: 0.999, noNaN: true }), async (chance) => {
        const world = new World();
        world.chance = chance;
        const at = attempts(world);
        const client = world.client({ reconnect: { minMs: 100, maxMs: 100 } });
        client.start();
        await world.clock.advance(100);
        const stopping = client.stop();
        await world.clock.settle();
        await stopping;
        expect(at.length).toBeGreaterThan(1);
        for (const gap of gaps(at)) expect(gap).toBeCloseTo(100 * chance, 6);
      }),
      { numRuns: 20, examples: [[0.2], [0.999]] },
    );
  });

  it('begins from the shortest wait again after a welcome, not after a mere connection', async () => {
    const world = new World();
    const at = attempts(world);
    const silent = await world.network.listen(FRONT, (pipe: Pipe) => pipe.destroy());
    const client = world.client({ reconnect: { minMs: 100, maxMs: 10_000 } });
    client.start();
    await world.clock.advance(3_500);
    expect(gaps(at)).toEqual([100, 200, 400, 800, 1_600]);
    await silent.close();
    const front = world.front();
    await front.start();
    await world.clock.advance(3_200);
    expect(client.session?.state).toBe('established');
    const before = at.length;
    for (const session of front.sessions.values()) session.close('kicked', 'a test');
    await world.clock.settle();
    const lost = world.clock.now();
    expect(client.session).toBeUndefined();
    await world.clock.advance(60);
    expect(at.slice(before)).toEqual([lost + 50]);
    expect(client.session?.state).toBe('established');
  });

  it('has a new session each time, and its listeners hear of every one', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    const client = world.client();
    const seen: string[] = [];
    client
      .sub(established, () => void seen.push('established'))
      .sub(closed, (_, { code }) => void seen.push(`closed ${code}`));
    client.start();
    await world.clock.settle();
    const first = client.session;
    for (const session of front.sessions.values()) session.close('kicked', 'a test');
    await world.clock.advance(100);
    expect(client.session).toBeDefined();
    expect(client.session).not.toBe(first);
    expect(seen).toEqual(['established', 'closed kicked', 'established']);
  });

  it('has no session, and says why, when closed is told', async () => {
    const world = new World();
    const front = world.front();
    const client = world.client();
    const seen: unknown[] = [];
    client.sub(closed, () => void seen.push(client.session, client.lastFault));
    const { far } = await world.open(front, client);
    far.close('kicked', 'a test');
    await world.clock.settle();
    expect(seen).toEqual([undefined, 'kicked: a test']);
  });

  it('connects once only where it is told not to come back', async () => {
    const world = new World();
    const at = attempts(world);
    const client = world.client({ reconnect: false });
    client.start();
    await world.clock.advance(60_000);
    expect(at).toHaveLength(1);
    expect(world.clock.timers).toBe(0);
  });

  it('ends its session as client_closed when it stops, and does not come back', async () => {
    const world = new World();
    const front = world.front();
    const client = world.client();
    const { near, far } = await world.open(front, client);
    const stopping = client.stop();
    expect(client.stop()).toBe(stopping);
    await world.settled(stopping);
    expect(near.closedReason).toMatchObject({ code: 'client_closed', by: 'local' });
    expect(far.closedReason).toMatchObject({ code: 'client_closed', by: 'remote' });
    await world.settled(front.stop());
    expect(world.clock.timers).toBe(0);
    expect(() => client.sub(established, () => undefined)).toThrow(
      expect.objectContaining({ code: 'stopped' }),
    );
  });

  it.each(['connecting', 'opening', 'waiting to connect again', 'not started'])(
    'leaves nothing behind when it is stopped while %s',
    async (state) => {
      const world = new World();
      const peers = state === 'opening' ? await RawPeer.listen(world, FRONT) : [];
      const pipes: Pipe[] = [];
      if (state === 'connecting') await world.network.listen(FRONT, (pipe) => void pipes.push(pipe));
      const client = world.client();
      if (state !== 'not started') client.start();
      if (state === 'opening' || state.startsWith('waiting')) await world.clock.settle();
      await world.settled(client.stop());
      await world.clock.advance(60_000);
      expect(world.clock.timers).toBe(0);
      expect(client.session).toBeUndefined();
      expect(client['root'].table.size).toBe(0);
      if (state === 'opening')
        expect(peers.map(({ bye, gone }) => [bye, gone])).toEqual([['client_closed', true]]);
      if (state === 'connecting') {
        let gone = false;
        pipes[0]?.open({ data: () => undefined, closed: () => (gone = true) });
        await world.clock.settle();
        expect(gone).toBe(true);
      }
    },
  );

  it('can be stopped from inside the handlers of its own life', async () => {
    for (const topic of [established, closed]) {
      const world = new World();
      const front = world.front();
      await front.start();
      const client = world.client();
      client.sub(topic, () => void client.stop());
      client.start();
      await world.clock.settle();
      for (const session of front.sessions.values()) session.close('kicked', 'a test');
      await world.clock.advance(10_000);
      expect(client.traffic.opened).toBe(1);
      await world.settled(front.stop());
      expect(world.clock.timers).toBe(0);
    }
  });

  it('does not take what it hears for a part of the strand on which it was started', async () => {
    const network = new MemoryNetwork({ clock: nodePlatform().clock });
    const platform = nodePlatform({ transport: network });
    const world = new World();
    await world.front({}, { platform }).start();
    const client = world.client({ platform });
    const strand = client.asChild({ strand: 'a' });
    let goOn = (): void => undefined;
    let asked = outcome(Promise.resolve(''));
    client.sub(established, () => {
      asked = outcome(strand.run(() => 'ran'));
    });
    strand.post(() => {
      client.start();
      return new Promise<void>((resolve) => (goOn = resolve));
    });
    while (client.session === undefined) await turnOfEventLoop();
    goOn();
    await turnOfEventLoop();
    expect(asked).toEqual({ settled: 1, value: 'ran' });
    await client.stop();
  });

  it('is started once', () => {
    const client = new World().client();
    client.start();
    expect(() => client.start()).toThrow(expect.objectContaining({ code: 'started_twice' }));
  });

  it('takes bytes that came with the welcome', async () => {
    const world = new World();
    const [peers, client] = [await RawPeer.listen(world, FRONT), world.client({ reconnect: false })];
    const seen: string[] = [];
    client.sub(established, () => void seen.push('established')).sub(closed, () => void seen.push('closed'));
    client.start();
    await world.clock.settle();
    const welcome = encodeMessage(net.welcome, { v: 1, session: 1, heartbeat: 1_000, node: 'n' });
    const bye = encodeMessage(net.bye, { code: 'shutting_down', message: '' });
    await peers[0]?.send(Buffer.concat([welcome, bye]));
    expect(seen).toEqual(['established', 'closed']);
    expect(client.lastFault).toContain('shutting_down');
  });
});

describe('connected', () => {
  it('resolves with the first session', async () => {
    const world = new World();
    await world.front().start();
    const client = world.client();
    await expect(world.settled(client.connected())).resolves.toMatchObject({ state: 'established' });
    expect(client.session?.send(said, { name: 'ana', epoch: 1 })).toBe(true);
  });

  it('rejects, and says why, where the first attempt fails', async () => {
    const world = new World();
    const nobody = world.client({ reconnect: false });
    await expect(world.settled(nobody.connected())).rejects.toMatchObject({
      code: 'not_connected',
      message: expect.stringContaining("can't connect to front:7000"),
    });
    const peers = await RawPeer.listen(world, FRONT);
    const refused = outcome(world.client({ reconnect: false }).connected());
    await world.clock.settle();
    await peers[0]?.say(net.bye, { code: 'shutting_down', message: 'not now' });
    expect(refused).toMatchObject({ settled: 1, error: { message: 'shutting_down: not now' } });
  });

  it('rejects when the pulse is stopped meanwhile', async () => {
    for (const settles of [false, true]) {
      const world = new World();
      await RawPeer.listen(world, FRONT);
      const client = world.client();
      const seen = outcome(client.connected());
      if (settles) await world.clock.settle();
      await world.settled(client.stop());
      await world.clock.settle();
      expect(seen.settled).toBe(1);
      expect(seen.error).toMatchObject({ code: 'not_connected' });
    }
  });
});
