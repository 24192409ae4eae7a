/** The network of the simulation: what arrives, in which order, and what faults make of it. */

import { describe, expect, it } from '@jest/globals';
import type { Pipe } from '@lobby/net-frame';
import type { SimProcess } from '../src/sim-process.ts';
import { World } from '../src/world.ts';

const ADDRESS = { host: 'server', port: 1 };
const LONG_MS = 10_000;

/** One end of a connection, and what it was told. */
class End {
  pipe: Pipe | undefined;
  heard = '';
  closed = 0;
  cause: string | undefined;

  open(pipe: Pipe): void {
    this.pipe = pipe;
    pipe.open({
      data: (chunk) => {
        this.heard += Buffer.from(chunk).toString('latin1');
      },
      closed: (cause) => {
        this.closed += 1;
        this.cause = (cause as { code?: string } | undefined)?.code;
      },
    });
  }

  say(words: string): void {
    this.pipe?.write(Buffer.from(words));
  }
}

async function connected(seed = 1) {
  const world = new World({ seed, trace: false });
  const server = world.process('server');
  const client = world.process('client');
  const far = new End();
  const near = new End();
  await server.platform.transport.listen(ADDRESS, (pipe) => far.open(pipe));
  void client.platform.transport.connect({ ...ADDRESS, timeoutMs: 1_000 }).then((pipe) => near.open(pipe));
  await world.clock.advance(LONG_MS);
  return { world, server, client, near, far };
}

async function fault(world: World, process: SimProcess): Promise<string | undefined> {
  let code: string | undefined;
  process.platform.transport
    .connect({ ...ADDRESS, timeoutMs: 1_000 })
    .catch((error: NodeJS.ErrnoException) => (code = error.code));
  await world.clock.advance(LONG_MS);
  return code;
}

describe('the network', () => {
  it('carries bytes both ways in order, whatever the weather is', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { world, near, far } = await connected(seed);
      for (const word of ['a', 'bc', 'def', 'ghij']) {
        near.say(word);
        far.say(word);
        await world.clock.advance(1);
      }
      await world.clock.advance(LONG_MS);
      expect([near.heard, far.heard, near.closed, far.closed]).toEqual(['abcdefghij', 'abcdefghij', 0, 0]);
    }
  });

  it('tells no more bytes once their handler has destroyed it', async () => {
    const { world, client, server } = await connected();
    const told: string[] = [];
    let far: Pipe | undefined;
    const address = { ...ADDRESS, port: 2 };
    await server.platform.transport.listen(address, (pipe) => {
      far = pipe;
      pipe.open({
        data: () => {
          told.push('bytes');
          pipe.destroy();
        },
        closed: () => told.push('closed'),
      });
      pipe.pause();
    });
    const near = new End();
    void client.platform.transport.connect({ ...address, timeoutMs: 1_000 }).then((pipe) => near.open(pipe));
    await world.clock.advance(LONG_MS);
    for (const word of ['one', 'two']) {
      near.say(word);
      await world.clock.advance(1);
    }
    await world.clock.advance(LONG_MS);
    far?.resume();
    await world.clock.advance(LONG_MS);
    expect(told).toEqual(['bytes', 'closed']);
  });

  it('tells both ends once that it is over, whoever ended it, after what was said', async () => {
    for (const way of ['end', 'destroy'] as const) {
      const { world, near, far } = await connected();
      near.say('last');
      near.pipe?.[way]();
      near.pipe?.[way]();
      await world.clock.advance(LONG_MS);
      expect([far.heard, near.closed, far.closed]).toEqual(['last', 1, 1]);
    }
  });

  it('holds what is said while a way is cut, and nobody is told', async () => {
    const { world, near, far } = await connected();
    world.network.hold('client', 'server');
    near.say('held');
    far.say('heard');
    await world.clock.advance(60_000);
    expect([far.heard, near.heard, near.closed, far.closed]).toEqual(['', 'heard', 0, 0]);
    expect(near.pipe?.unsentBytes).toBe(Math.max(0, 4 - world.links.weather.windowBytes));
    world.network.release('client', 'server');
    await world.clock.advance(LONG_MS);
    expect([far.heard, near.pipe?.unsentBytes]).toEqual(['held', 0]);
  });

  it('loses the end of a process that dies behind a cut, until the other side speaks', async () => {
    const { world, server, near } = await connected();
    world.network.hold('server', 'client');
    server.kill();
    await world.clock.advance(60_000);
    world.network.release('server', 'client');
    await world.clock.advance(LONG_MS);
    expect(near.closed).toBe(0);
    near.say('anybody?');
    await world.clock.advance(LONG_MS);
    expect([near.closed, near.cause]).toEqual([1, 'ECONNRESET']);
  });

  it('breaks a connection in the middle of what is under way', async () => {
    const { world, near, far } = await connected();
    near.say('broken');
    [...world.network.ends].find((end) => end.host === 'client')?.out.tear(3);
    await world.clock.advance(LONG_MS);
    expect(['', 'b', 'br', 'bro']).toContain(far.heard);
    expect([near.closed, far.closed]).toEqual([0, 1]);
  });

  it('refuses where nobody listens, and lets wait where nothing passes', async () => {
    const { world, server, client } = await connected();
    world.network.hold('server', 'client');
    expect(await fault(world, client)).toBe('ETIMEDOUT');
    world.network.release('server', 'client');
    server.kill();
    expect(await fault(world, client)).toBe('ECONNREFUSED');
  });

  it('gives no port to what is left of a dead process', async () => {
    const { world, server } = await connected();
    server.kill();
    void server.platform.transport.listen(ADDRESS, () => undefined);
    await world.clock.settle();
    const successor = world.process('server');
    const listener = await successor.platform.transport.listen(ADDRESS, () => undefined);
    expect(listener.address).toEqual(ADDRESS);
  });

  it('accepts for a process that stands still, and hands over everything when it goes on', async () => {
    const { world, server, client } = await connected();
    const late = new End();
    server.pause();
    let connection: Pipe | undefined;
    void client.platform.transport.connect({ ...ADDRESS, timeoutMs: 1_000 }).then((pipe) => {
      connection = pipe;
      late.open(pipe);
      late.say('hello');
    });
    await world.clock.advance(LONG_MS);
    expect(connection).toBeDefined();
    server.resume();
    await world.clock.advance(LONG_MS);
    expect(world.network.ends.size).toBe(4);
  });

  it('lets a reader take its time, in order, and whatever heals, it stays slow', async () => {
    const { world, near, far } = await connected();
    world.links.way('client', 'server').readBytesPerMs = 10;
    world.network.heal();
    const words = ['a', 'b', 'c'].map((letter) => letter.repeat(10_000));
    for (const word of words) near.say(word);
    await world.clock.advance(1_000);
    const early = far.heard.length;
    expect(early).toBeGreaterThan(5_000);
    expect(early).toBeLessThan(12_000);
    expect(near.pipe?.unsentBytes).toBe(Math.max(0, 30_000 - early - world.links.weather.windowBytes));
    await world.clock.advance(3_000);
    expect(far.heard).toBe(words.join(''));
  });

  it('ends a connection after the time that it lives', async () => {
    const world = new World({ seed: 1, trace: false });
    const [server, client] = [world.process('server'), world.process('client')];
    const [far, near] = [new End(), new End()];
    world.links.livesMs = 100;
    await server.platform.transport.listen(ADDRESS, (pipe) => far.open(pipe));
    void client.platform.transport.connect({ ...ADDRESS, timeoutMs: 1_000 }).then((pipe) => near.open(pipe));
    await world.clock.advance(90);
    expect([near.closed, far.closed]).toEqual([0, 0]);
    await world.clock.advance(LONG_MS);
    expect([near.closed, far.closed]).toEqual([1, 1]);
  });
});
