/**
 * When all services connect at once: so many are welcomed in a second, the others in their order. Who has
 * proved nothing waits for no turn and costs none.
 */
import { describe, expect, it } from '@jest/globals';
import { net, serviceNet } from '@lobby/protocol';
import { established } from '../src/index.ts';
import type { ServerPulse } from '../src/index.ts';
import { RawPeer } from './raw-peer.ts';
import { helloTo } from './service-hello.ts';
import { BACK, RUNNER, SECRET, World } from './world.ts';

interface Arrival {
  readonly node: string;
  readonly at: number;
}

/** A back that admits so many a second, and who came when. */
async function gated(
  world: World,
  openingsPerSecond: number,
): Promise<{ back: ServerPulse; arrivals: Arrival[] }> {
  const back = world.back({ openingsPerSecond });
  const arrivals: Arrival[] = [];
  back.sub(established, ({ peer }) => {
    arrivals.push({ node: peer?.node ?? 'nobody', at: world.clock.now() });
  });
  await back.start();
  return { back, arrivals };
}

function nodes(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => `runner-${nth}`);
}

async function connectAll(world: World, names: readonly string[]): Promise<void> {
  for (const node of names) world.link({ identity: { ...RUNNER, node } }, { reconnect: false }).start();
  await world.clock.settle();
}

describe('a service port', () => {
  it('admits so many openings at once, and the others in their order as time passes', async () => {
    const world = new World();
    const { arrivals } = await gated(world, 10);
    const names = nodes(30);
    await connectAll(world, names);
    expect(arrivals).toHaveLength(10);
    await world.clock.advance(1_000);
    expect(arrivals).toHaveLength(20);
    await world.clock.advance(1_000);
    expect(arrivals.map(({ node }) => node)).toEqual(names);
    expect(arrivals.map(({ at }) => at)).toEqual(names.map((_, nth) => Math.max(0, (nth - 9) * 100)));
  });

  it('admits 200 a second where nothing else is said', async () => {
    const world = new World();
    const back = world.back();
    await back.start();
    await connectAll(world, nodes(250));
    expect(back.sessions.size).toBe(200);
    await world.clock.advance(250);
    expect(back.sessions.size).toBe(250);
  });

  it('A14: lets strangers cost nobody a turn: the challenge waits for none, and the proof comes first', async () => {
    const world = new World();
    const { arrivals } = await gated(world, 1);
    const silent: RawPeer[] = [];
    for (let nth = 0; nth < 50; nth += 1) silent.push(await RawPeer.connect(world, BACK));
    const topics = silent.map(({ frames }) => frames.map(({ topic }) => topic));
    expect(topics).toEqual(silent.map(() => [net.challenge.number]));
    await connectAll(world, ['first', 'second']);
    expect(arrivals.map(({ node }) => node)).toEqual(['first']);
    await world.clock.advance(1_000);
    expect(arrivals.map(({ node }) => node)).toEqual(['first', 'second']);
  });

  it('A14: counts the time to say hello from the connection on, for strangers and for who waits', async () => {
    const world = new World();
    const { arrivals } = await gated(world, 1);
    await connectAll(world, ['first']);
    const waiting: RawPeer[] = [];
    for (let nth = 0; nth < 20; nth += 1) {
      const peer = await RawPeer.connect(world, BACK);
      await peer.say(serviceNet.hello, helloTo(peer, SECRET));
      waiting.push(peer);
    }
    const silent = await RawPeer.connect(world, BACK);
    await world.clock.advance(4_900);
    expect(silent.gone).toBe(false);
    await world.clock.advance(1_500);
    expect(silent.bye).toBe('hello_timeout');
    expect(arrivals.length).toBeGreaterThan(4);
    expect(waiting.at(-1)?.bye).toBe('hello_timeout');
  });

  it('takes nothing between the proof and the welcome', async () => {
    const world = new World();
    const { back } = await gated(world, 1);
    await connectAll(world, ['first']);
    const hasty = await RawPeer.connect(world, BACK);
    const hello = helloTo(hasty, SECRET);
    await hasty.say(serviceNet.hello, hello);
    await hasty.say(serviceNet.hello, hello);
    expect(hasty.bye).toBe('bad_hello');
    await world.clock.advance(1_000);
    expect(back.sessions.size).toBe(1);
  });

  it('spends no turn on who has gone meanwhile', async () => {
    const world = new World();
    const { arrivals } = await gated(world, 1);
    await connectAll(world, ['first']);
    for (let nth = 0; nth < 20; nth += 1) {
      const peer = await RawPeer.connect(world, BACK);
      await peer.say(serviceNet.hello, helloTo(peer, SECRET));
      await peer.end();
    }
    await connectAll(world, ['last']);
    await world.clock.advance(1_000);
    expect(arrivals.map(({ node }) => node)).toEqual(['first', 'last']);
  });

  it('that is stopped leaves nobody waiting, and no timer', async () => {
    const world = new World();
    const { back, arrivals } = await gated(world, 1);
    await connectAll(world, nodes(5));
    const stopped = back.stop();
    await world.clock.advance(2_000);
    await stopped;
    expect(arrivals).toHaveLength(1);
    expect(world.clock.timers).toBe(0);
  });

  it('makes no client wait: a client port admits everybody at once', async () => {
    const world = new World();
    const front = world.front();
    await front.start();
    for (let nth = 0; nth < 300; nth += 1) world.client().start();
    await world.clock.settle();
    expect(front.sessions.size).toBe(300);
  });
});
