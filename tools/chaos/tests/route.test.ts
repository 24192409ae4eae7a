/**
 * The proxy: what a route does to connections, with and without faults. Real sockets; time passes, and is not
 * measured.
 */

import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@lobby/cluster';
import { Route } from '../src/index.ts';
import type { LinkFault } from '../src/index.ts';

/** One end of a connection, and all that happened to it. */
class End {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  fate: 'open' | 'ended' | 'reset' = 'open';

  constructor(socket: Socket) {
    this.socket = socket
      .on('data', (bytes: Buffer) => (this.received = Buffer.concat([this.received, bytes])))
      .on('end', () => (this.fate = 'ended'))
      .on('error', () => (this.fate = 'reset'));
  }

  get text(): string {
    return this.received.toString();
  }

  async reads(text: string): Promise<void> {
    await eventually(`"${text}" is read, not only "${this.text}"`, () => this.text === text);
  }

  async meets(fate: 'ended' | 'reset'): Promise<void> {
    await eventually(`the connection is ${fate}, not ${this.fate}`, () => this.fate === fate);
  }
}

let server: Server;
let arrivals: End[];
let route: Route;
let ends: End[];
beforeEach(async () => {
  arrivals = [];
  ends = [];
  server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => arrivals.push(new End(socket)));
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  route = await Route.open('clients → front');
  route.leadTo({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});
afterEach(async () => {
  for (const { socket } of [...ends, ...arrivals]) socket.destroy();
  await route[Symbol.asyncDispose]();
  server.close();
  await once(server, 'close');
});

/** A connection through the route: its near end, and the far one as the target has it. */
async function connected(): Promise<{ readonly near: End; readonly far: End }> {
  const before = arrivals.length;
  const near = new End(createConnection({ ...route.address, allowHalfOpen: true, noDelay: true }));
  ends.push(near);
  await eventually('the target is reached', () => arrivals.length > before);
  return { near, far: arrivals[before] as End };
}

describe('a route without a fault', () => {
  it('passes everything on, both ways, in order, however much it is', async () => {
    const { near, far } = await connected();
    const much = Buffer.alloc(3_000_000, 'lobby ');
    near.socket.write(much);
    far.socket.write('hello');
    await near.reads('hello');
    await eventually('all of it is there', () => far.received.length === much.length);
    expect(far.received.equals(much)).toBe(true);
  });

  it('passes on the end of one side, and what the other still says', async () => {
    const { near, far } = await connected();
    near.socket.end('that is all');
    await far.meets('ended');
    expect(far.text).toBe('that is all');
    far.socket.end('farewell');
    await near.meets('ended');
    expect(near.text).toBe('farewell');
    await eventually('nothing is left of it', () => route.relays.length === 0);
  });

  it('passes on a reset', async () => {
    const { near, far } = await connected();
    near.socket.resetAndDestroy();
    await far.meets('reset');
  });

  it('resets who comes while nobody listens behind it', async () => {
    route.leadTo({ host: '127.0.0.1', port: 1 });
    const near = new End(createConnection(route.address));
    ends.push(near);
    await near.meets('reset');
  });
});

describe('a route with a fault', () => {
  it('resets every connection, and those that are made meanwhile', async () => {
    const { near, far } = await connected();
    route.impose({ kind: 'reset' });
    await Promise.all([near.meets('reset'), far.meets('reset')]);
    const later = new End(createConnection(route.address));
    ends.push(later);
    await later.meets('reset');
    route.lift();
    const healed = await connected();
    healed.near.socket.write('again');
    await healed.far.reads('again');
  });

  it('swallows both ways in silence, and resets at the end what has lost bytes', async () => {
    const { near, far } = await connected();
    const idle = await connected();
    near.socket.write('before ');
    await far.reads('before ');
    route.impose({ kind: 'swallow', way: 'both' });
    near.socket.write('lost');
    far.socket.write('lost, too');
    near.socket.end();
    // A third connection shows that time has passed: what it says to a target of its own is not swallowed.
    await passes(idle);
    expect([far.text, far.fate, near.text]).toEqual(['before ', 'open', '']);
    route.lift();
    await far.meets('reset');
    idle.near.socket.write('whole');
    await idle.far.reads('whole');
  });

  it('swallows one way only', async () => {
    const { near, far } = await connected();
    route.impose({ kind: 'swallow', way: 'up' });
    near.socket.write('lost');
    far.socket.write('heard');
    await near.reads('heard');
    expect([far.text, far.fate]).toEqual(['', 'open']);
    route.lift();
    await Promise.all([near.meets('reset'), far.meets('reset')]);
  });

  it('lets nobody know that the other side is gone while it swallows', async () => {
    const { near, far } = await connected();
    const idle = await connected();
    route.impose({ kind: 'swallow', way: 'both' });
    near.socket.resetAndDestroy();
    await passes(idle);
    expect(far.fate).toBe('open');
    route.lift();
    await far.meets('reset');
  });

  it('passes some more bytes, then resets in the middle', async () => {
    const { near, far } = await connected();
    route.impose({ kind: 'truncate', way: 'up', bytes: 5 });
    near.socket.write('abc');
    await far.reads('abc');
    near.socket.write('defgh');
    await Promise.all([near.meets('reset'), far.meets('reset')]);
    expect('abcde'.startsWith(far.text)).toBe(true);
  });

  it.each<LinkFault>([
    { kind: 'delay', ms: 30 },
    { kind: 'throttle', bytesPerSecond: 2_000 },
  ])('loses nothing and keeps the order where bytes are late: %j', async (fault) => {
    const { near, far } = await connected();
    route.impose(fault);
    const words = Array.from({ length: 50 }, (_, index) => `${index} `);
    for (const word of words) near.socket.write(word);
    near.socket.end();
    await far.meets('ended');
    expect(far.text).toBe(words.join(''));
  });

  it('leaves whole what has lost nothing, and lays one fault after another on it', async () => {
    const { near, far } = await connected();
    route.impose({ kind: 'swallow', way: 'down' });
    near.socket.write('up');
    await far.reads('up');
    route.lift();
    route.impose({ kind: 'delay', ms: 50 });
    near.socket.write(' late');
    await far.reads('up late');
  });

  it('is laid on one connection alone', async () => {
    const first = await connected();
    const second = await connected();
    route.relays[0]?.impose({ kind: 'reset' });
    await first.near.meets('reset');
    second.near.socket.write('here');
    await second.far.reads('here');
  });
});

/**
 * Something makes its way through the route although the fault of the route would swallow it: enough time has
 * passed then.
 */
async function passes({ near, far }: { readonly near: End; readonly far: End }): Promise<void> {
  const relay = route.relays[1];
  relay?.impose({ kind: 'delay', ms: 20 });
  near.socket.write('a moment');
  await far.reads('a moment');
  far.received = Buffer.alloc(0);
  relay?.impose(undefined);
}
