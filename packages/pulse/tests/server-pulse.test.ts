/** A server pulse: its port, its sessions, what it says to many, and how it stops. */
import { describe, expect, it } from '@jest/globals';
import type { Pipe } from '@lobby/net-frame';
import { closed, established } from '../src/index.ts';
import type { Session } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { said, told } from './topics.ts';
import { FRONT, World } from './world.ts';

describe('ServerPulse', () => {
  it('says where it listens while it does', async () => {
    const world = new World();
    const front = world.front({}, { port: 0 });
    expect(front.address).toBeUndefined();
    const address = await front.start();
    expect(address.port).toBeGreaterThan(0);
    expect(front.address).toEqual(address);
    await front.stop();
    expect(front.address).toBeUndefined();
  });

  it('rejects a start where the port is taken, and a second start', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    await expect(front.start()).rejects.toMatchObject({ code: 'started_twice' });
    await expect(world.front().start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('tells every session shutting_down when it stops, frees the port and holds nothing', async () => {
    const world = new World();
    const front = world.front();
    const ends: string[] = [];
    front.sub(closed, (_, { code, by }) => void ends.push(`${code} ${by}`)).repeat(1_000, () => undefined);
    await front.start();
    const peers = [
      await RawPeer.established(world),
      await RawPeer.established(world),
      await RawPeer.connect(world),
    ];
    const stopping = front.stop();
    expect(front.stop()).toBe(stopping);
    await world.settled(stopping);
    expect(peers.map(({ bye, gone }) => [bye, gone])).toEqual(peers.map(() => ['shutting_down', true]));
    expect(ends).toEqual(['shutting_down local', 'shutting_down local']);
    expect(front.sessions.size).toBe(0);
    expect(front.stopped).toBe(true);
    expect(world.clock.timers).toBe(0);
    expect(() => front.sub(said, () => undefined)).toThrow(expect.objectContaining({ code: 'stopped' }));
    const next = world.front();
    await expect(next.start()).resolves.toEqual(FRONT);
  });

  it('stops before it was started, and does not start any more', async () => {
    const world = new World();
    const front = world.front();
    await front.stop();
    await expect(front.start()).rejects.toMatchObject({ code: 'stopped' });
  });

  it('frees the port even if it is stopped while it begins to listen', async () => {
    const world = new World();
    const front = world.front();
    const starting = front.start();
    const stopping = front.stop();
    await expect(starting).rejects.toMatchObject({ code: 'stopped' });
    await stopping;
    expect(front.address).toBeUndefined();
    await expect(world.front().start()).resolves.toEqual(FRONT);
  });

  it('takes no connection that comes after its stop began', async () => {
    const world = new World();
    let accept: (pipe: Pipe) => void = () => undefined;
    const transport = {
      listen: (...[options, taken]: Parameters<typeof world.network.listen>) => {
        accept = taken;
        return world.network.listen(options, taken);
      },
      connect: world.network.connect.bind(world.network),
    };
    const front = world.front({}, { platform: { ...world.platform, transport } });
    await front.start();
    await world.network.listen({ host: 'elsewhere', port: 1 }, (pipe) => accept(pipe));
    await world.settled(front.stop());
    const late = await RawPeer.connect(world, { host: 'elsewhere', port: 1 });
    expect(late.gone).toBe(true);
    expect(front['root'].table.size).toBe(0);
    expect(world.clock.timers).toBe(0);
  });

  it('is disposed of by stopping', async () => {
    const world = new World();
    {
      await using front = world.front();
      await front.start();
    }
    await expect(world.front().start()).resolves.toEqual(FRONT);
  });

  it('counts connections that were turned away', async () => {
    const world = new World();
    let refused: ((remoteAddress: string) => void) | undefined;
    const transport = {
      listen: (...[options, accept]: Parameters<typeof world.network.listen>) => {
        refused = options.refused;
        return world.network.listen(options, accept);
      },
      connect: world.network.connect.bind(world.network),
    };
    const front = world.front({}, { platform: { ...world.platform, transport }, maxConnections: 5 });
    await front.start();
    refused?.('192.0.2.1:7000');
    refused?.('192.0.2.2:7000');
    expect(front.connectionsRefused).toBe(2);
  });

  it('refuses limits that it does not know or that are not over 0', () => {
    const world = new World();
    const bad = expect.objectContaining({ code: 'bad_option' });
    expect(() => world.front({}, { limits: { answerTimeoutMs: 0 } })).toThrow(bad);
    expect(() => world.front({}, { limits: { maxPendingCalls: Number.POSITIVE_INFINITY } })).toThrow(bad);
    expect(() => world.front({}, { limits: { unheard: 1 } as never })).toThrow(bad);
    expect(() => world.front({}, { limits: { toString: 1 } as never })).toThrow(bad);
  });
});

describe('F12: sendAll', () => {
  async function sessions(world: World, count: number) {
    const front = world.front({ sessions: { maxUnsentBytes: 4_000 } });
    await front.start();
    const peers: RawPeer[] = [];
    for (let index = 0; index < count; index += 1) peers.push(await RawPeer.established(world));
    return { front, peers, all: [...front.sessions.values()] };
  }

  it('encodes once and reaches every session, in the order of what was said', async () => {
    const world = new World();
    const { front, peers, all } = await sessions(world, 3);
    let encoded = 0;
    const counting = {
      get name() {
        encoded += 1;
        return 'alice';
      },
      epoch: 1,
    };
    front.sendAll(all, told, counting);
    const once = encoded;
    front.sendAll([], told, counting);
    expect(encoded).toBe(2 * once);
    await world.clock.settle();
    for (const peer of peers)
      expect(peer.frames.filter(({ topic }) => topic === told.number)).toHaveLength(1);
  });

  it('reaches the others although some are closed, or are closed by it', async () => {
    const world = new World();
    const { front, peers, all } = await sessions(world, 4);
    const list: Session[] = [...all];
    front.sub(closed, (session) => void list.splice(list.indexOf(session), 1));
    all[0]?.close('kicked', 'a test');
    list.unshift(...all.slice(0, 1));
    while ((all[1]?.unsentBytes ?? 4_000) < 3_900) all[1]?.send(told, { name: 'x'.repeat(20), epoch: 1 });
    expect(all[1]?.state).toBe('established');
    front.sendAll(list, told, { name: 'y'.repeat(200), epoch: 7 });
    expect(all.map(({ state }) => state)).toEqual(['closed', 'closed', 'established', 'established']);
    await world.clock.settle();
    const got = peers.map(({ frames }) => frames.filter(({ topic }) => topic === told.number).length);
    expect(got.slice(2)).toEqual([1, 1]);
    expect(peers[1]?.bye).toBe('slow_reader');
  });

  it('says nothing to sessions that are not established', async () => {
    const world = new World();
    const front = world.front();
    const early: Session[] = [];
    front.sub(established, (session) => void early.push(session));
    await front.start();
    const peer = await RawPeer.connect(world);
    for (const wire of front['root'].table) expect(wire.state).toBe('open');
    front.sendAll(early, told, { name: 'ana', epoch: 1 });
    await world.clock.settle();
    expect(peer.frames).toEqual([]);
  });
});
