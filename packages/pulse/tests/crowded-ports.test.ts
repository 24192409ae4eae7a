/**
 * A13, A14: ports that strangers fill, over real TCP from several addresses of the loopback network. What is
 * waited for is an event; nothing is measured.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FrameReader, nodePlatform } from '@lobby/net-frame';
import type { Address } from '@lobby/net-frame';
import { decodePayload, encodeMessage, net } from '@lobby/protocol';
import { Pulse, clientPort, established, serviceLink, servicePort } from '../src/index.ts';
import type { ServerPulse } from '../src/index.ts';
import { MASTER, RUNNER, SECRET } from './world.ts';

const HOST = '127.0.0.1';
const ATTACKERS = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'];
const NEWCOMER = '127.0.0.9';

/** A connection that is spoken by hand. */
class Caller {
  readonly topics: number[] = [];
  bye: string | undefined;
  readonly socket: Socket;
  /** Resolves when it is over. */
  readonly over: Promise<unknown>;
  #told: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    const reader = new FrameReader(64 * 1024, ({ topic, payload }) => {
      this.topics.push(topic);
      if (topic === net.bye.number) this.bye = decodePayload(net.bye, payload).code;
    });
    socket
      .on('data', (chunk: Buffer) => {
        reader.push(chunk);
        this.#told();
      })
      .on('error', () => undefined);
    this.over = once(socket, 'close').then(() => this.#told());
  }

  static async from(localAddress: string, { host, port }: Address): Promise<Caller> {
    const caller = new Caller(createConnection({ host, port, localAddress }));
    callers.push(caller);
    await Promise.race([once(caller.socket, 'connect'), caller.over]);
    return caller;
  }

  /** Says hello as a client. Resolves with whether it was welcomed. */
  async hello(): Promise<boolean> {
    this.socket.write(encodeMessage(net.hello, { v: 1 }));
    return this.heard();
  }

  /** Resolves when something was said, with true, or when it is over. */
  async heard(): Promise<boolean> {
    while (this.topics.length === 0 && !this.socket.destroyed)
      await new Promise<void>((resolve) => (this.#told = resolve));
    return this.bye === undefined && this.topics.length > 0;
  }
}

let callers: Caller[] = [];
let servers: ServerPulse[];

beforeEach(() => {
  callers = [];
  servers = [];
});

afterEach(async () => {
  for (const { socket } of callers) socket.destroy();
  await Promise.all(callers.map(({ over }) => over));
  for (const server of servers) await server.stop();
});

describe('A13: strangers on a client port', () => {
  const MOST = 100;

  async function front(maxUnauthenticatedPerAddress?: number): Promise<{ pulse: ServerPulse; at: Address }> {
    const limits = maxUnauthenticatedPerAddress === undefined ? {} : { maxUnauthenticatedPerAddress };
    const dialect = clientPort({ node: 'front-1', ...limits });
    const options = { name: 'front', host: HOST, port: 0, maxConnections: MOST, platform: nodePlatform() };
    const pulse = Pulse.asServer({ ...options, dialect });
    servers.push(pulse);
    return { pulse, at: await pulse.start() };
  }

  /** A client on which somebody is known. */
  async function admitted(from: string, { pulse, at }: { pulse: ServerPulse; at: Address }): Promise<Caller> {
    const caller = await Caller.from(from, at);
    await caller.hello();
    const { port } = caller.socket.address() as AddressInfo;
    const session = [...pulse.sessions.values()].find(
      ({ remoteAddress }) => remoteAddress === `${from}:${port}`,
    );
    session?.admit('user', from);
    expect(session?.admitted).toBe(true);
    return caller;
  }

  it('from five addresses keep no newcomer out, and put nobody out who is logged in', async () => {
    const server = await front();
    const user = await admitted('127.0.0.2', server);
    for (let nth = 0; nth < 3 * MOST; nth += 1)
      await Caller.from(ATTACKERS[nth % ATTACKERS.length] as string, server.at);
    const newcomers = [];
    for (let nth = 0; nth < MOST / 4; nth += 1) {
      const newcomer = await Caller.from(`127.0.1.${nth + 1}`, server.at);
      expect(await newcomer.hello()).toBe(true);
      newcomers.push(newcomer);
    }
    const again = await admitted(NEWCOMER, server);
    expect([user, again, ...newcomers].filter(({ socket }) => socket.destroyed)).toEqual([]);
    const { unauthenticated, connectionsRefused, madeRoom, sessions } = server.pulse;
    expect(unauthenticated + 2).toBeLessThanOrEqual(MOST);
    expect(connectionsRefused).toBe(0);
    expect(madeRoom).toBeGreaterThan(0);
    expect(sessions.size).toBe(newcomers.length + 2);
  });

  it('that make room are told so, and their connections end at once', async () => {
    const server = await front(3);
    const silent = [];
    for (let nth = 0; nth < 5; nth += 1) silent.push(await Caller.from('127.0.0.2', server.at));
    await silent[0]?.over;
    await silent[1]?.over;
    expect(silent.map(({ bye }) => bye)).toEqual([
      'too_many_connections',
      'too_many_connections',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('may be as many as there are places where they all come from one address, and then make room', async () => {
    const server = await front();
    const school = [];
    for (let nth = 0; nth < MOST; nth += 1) school.push(await admitted('127.0.0.2', server));
    expect(school.every(({ socket }) => !socket.destroyed)).toBe(true);
    const late = await Caller.from('127.0.0.2', server.at);
    await late.over;
    expect([server.pulse.connectionsRefused, server.pulse.madeRoom]).toEqual([1, 0]);
  });
});

describe('A14: strangers on a service port', () => {
  const random = nodePlatform().random;

  async function back(): Promise<{ pulse: ServerPulse; at: Address }> {
    const dialect = servicePort({ identity: MASTER, secret: SECRET, random, maxUnprovedPerAddress: 200 });
    const options = { name: 'back', host: HOST, port: 0, maxConnections: 500, platform: nodePlatform() };
    const pulse = Pulse.asServer({ ...options, dialect });
    servers.push(pulse);
    return { pulse, at: await pulse.start() };
  }

  /** A front that comes; resolves when the back knows it. */
  async function comesIn({ pulse, at }: { pulse: ServerPulse; at: Address }, node: string): Promise<void> {
    const dialect = serviceLink({ identity: { ...RUNNER, node }, secret: SECRET, random });
    const link = Pulse.asClient({ name: 'link', platform: nodePlatform(), dialect, address: at });
    const known = new Promise<void>((resolve) => {
      const watch = pulse.asChild();
      watch.sub(established, ({ peer }) => {
        if (peer?.node !== node) return;
        watch[Symbol.dispose]();
        resolve();
      });
    });
    link.start();
    await known;
    await link.stop();
  }

  it.each([
    ['one address, the own one of the fronts', [HOST]],
    ['five addresses', ATTACKERS],
  ])('from %s keep no front out that comes, over and over', async (_, from) => {
    const server = await back();
    let attacks = true;
    let made = 0;
    const attack = async (): Promise<void> => {
      for (; attacks; made += 1)
        await (await Caller.from(from[made % from.length] as string, server.at)).heard();
    };
    const attacking = [attack(), attack()];
    while (made < 800) await comesIn(server, `runner-${made}`);
    attacks = false;
    await Promise.all(attacking);
    expect(server.pulse.madeRoom).toBeGreaterThan(0);
    expect(server.pulse.unauthenticated).toBeLessThanOrEqual(450);
  });

  it('are challenged as they come, however many wait', async () => {
    const server = await back();
    const silent = [];
    for (let nth = 0; nth < 450; nth += 1) silent.push(await Caller.from('127.0.0.2', server.at));
    expect(await silent.at(-1)?.heard()).toBe(true);
    expect(silent.at(-1)?.topics).toEqual([net.challenge.number]);
  });
});
