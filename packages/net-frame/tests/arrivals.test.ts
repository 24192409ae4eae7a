/**
 * Connections that come through a load balancer: who is behind it, in whatever pieces its header comes, and
 * what is refused.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places, tcpTransport, tlsTransport } from '../src/index.ts';
import type { Listener, Pipe, Transport } from '../src/index.ts';
import { PipeLog } from './pipe-log.ts';
import { testCertificates } from './test-certificates.ts';
import { transportContract } from './transport-contract.ts';

const HOST = '127.0.0.1';
const PROXIES = ['192.0.2.0/24', '127.0.0.1'];
const V1 = Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 51234 7000\r\n');
const V2 = Buffer.from('0d0a0d0a000d0a515549540a2111000ccb007107c0000201c8221b58', 'hex');
const V1_UNKNOWN = Buffer.from('PROXY UNKNOWN\r\n');
const CLIENT = '203.0.113.7:51234';

const { ca, server } = testCertificates();

/** As a client sees a transport through a load balancer. */
function behindProxy(transport: Transport): Transport {
  return {
    listen: transport.listen.bind(transport),
    connect: async (options) => {
      const pipe = await transport.connect(options);
      pipe.write(V1_UNKNOWN);
      return pipe;
    },
  };
}

transportContract('tcp behind a load balancer', () => behindProxy(tcpTransport({ proxies: PROXIES })));

describe('A25: a port behind load balancers', () => {
  const listeners: Listener[] = [];
  const sockets: Socket[] = [];
  const failures: string[] = [];
  let arrived: PipeLog[] = [];
  let wake: () => void = () => undefined;

  afterEach(async () => {
    for (const { pipe } of arrived) pipe.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const listener of listeners.splice(0)) await listener.close();
    arrived = [];
    failures.length = 0;
    await turnOfEventLoop();
  });

  async function listen(transport: Transport, places?: Places, host = HOST): Promise<Listener> {
    const failed = (remoteAddress: string, { message }: Error): void => {
      failures.push(`${remoteAddress} ${message}`);
      wake();
    };
    const options = { host, port: 0, failed, ...(places && { places }) };
    const listener = await transport.listen(options, (pipe: Pipe) => {
      arrived.push(new PipeLog(pipe));
      wake();
    });
    listeners.push(listener);
    return listener;
  }

  function socketTo(
    { address }: Pick<Listener, 'address'>,
    from: { readonly localAddress?: string; readonly localPort?: number } = {},
  ): Socket {
    const socket = createConnection({ ...address, ...from, noDelay: true }).on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  }

  async function nextArrival(): Promise<PipeLog> {
    await until(() => arrived.length > 0);
    return arrived.shift() as PipeLog;
  }

  /** A client that its balancer has named. */
  async function behind(listener: Listener, host: string): Promise<PipeLog> {
    socketTo(listener).write(`PROXY TCP4 ${host} 192.0.2.1 51234 7000\r\n`);
    return nextArrival();
  }

  it.each([
    ['v1', V1],
    ['v2', V2],
  ])('knows who the client is by %s, and what the client said', async (_, header) => {
    const listener = await listen(tcpTransport({ proxies: PROXIES }));
    socketTo(listener).write(Buffer.concat([header, Buffer.from('hello')]));
    const log = await nextArrival();
    await log.has(5);
    expect(log.pipe.remoteAddress).toBe(CLIENT);
    expect(log.text).toBe('hello');
    log.pipe.destroy();
  });

  it('keeps the address of the socket where the balancer speaks for itself', async () => {
    const listener = await listen(tcpTransport({ proxies: PROXIES }));
    const socket = socketTo(listener);
    socket.write(V1_UNKNOWN);
    const { pipe } = await nextArrival();
    expect(pipe.remoteAddress).toBe(`${HOST}:${socket.localPort}`);
    pipe.destroy();
  });

  it('loses nothing and adds nothing, in whatever pieces header and bytes come', async () => {
    const listener = await listen(tcpTransport({ proxies: PROXIES }));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(V1, V2), cuts, async (header, places) => {
        const bytes = Buffer.concat([header, Buffer.from('what the client said')]);
        const socket = socketTo(listener);
        const points = [
          0,
          ...places.filter((place) => place < bytes.length).sort((a, b) => a - b),
          bytes.length,
        ];
        for (const [nth, from] of points.slice(0, -1).entries()) {
          socket.write(bytes.subarray(from, points[nth + 1]));
          await turnOfEventLoop();
        }
        const log = await nextArrival();
        await log.has(20);
        expect(log.text).toBe('what the client said');
        expect(log.pipe.remoteAddress).toBe(CLIENT);
        log.pipe.write(Buffer.from('and back'));
        const [answer] = (await once(socket, 'data')) as [Buffer];
        expect(answer.toString()).toBe('and back');
        log.pipe.destroy();
      }),
      { numRuns: 30 },
    );
  });

  it('knows the client before the handshake where the port speaks TLS', async () => {
    const listener = await listen(tlsTransport({ server, proxies: PROXIES }));
    const socket = socketTo(listener);
    await once(socket, 'connect');
    socket.write(V2);
    const secure = connectTls({ socket, ca, servername: 'localhost' }).on('error', () => undefined);
    secure.write('hello');
    const log = await nextArrival();
    await log.has(5);
    expect(log.text).toBe('hello');
    expect(log.pipe.remoteAddress).toBe(CLIENT);
    log.pipe.write(Buffer.from('and back'));
    expect(String((await once(secure, 'data'))[0])).toBe('and back');
    log.pipe.destroy();
  });

  it('tells two clients apart who came to two of its addresses from one port of one balancer', async () => {
    const listener = await listen(tlsTransport({ server, proxies: PROXIES }), undefined, '0.0.0.0');
    const { port } = listener.address;
    const first = socketTo({ address: { host: HOST, port } }, { localAddress: HOST });
    await once(first, 'connect');
    const from = { localAddress: HOST, localPort: first.localPort as number };
    const second = socketTo({ address: { host: '127.0.0.2', port } }, from);
    await once(second, 'connect');
    expect(second.localPort).toBe(first.localPort);
    const clients = ['203.0.113.1', '203.0.113.2'];
    for (const [nth, socket] of [first, second].entries())
      socket.write(`PROXY TCP4 ${clients[nth]} 192.0.2.1 51234 7000\r\n`);
    for (const [nth, socket] of [first, second].entries()) {
      connectTls({ socket, ca, servername: 'localhost' })
        .on('error', () => undefined)
        .write(`hello ${nth}`);
      const log = await nextArrival();
      await log.has(7);
      expect([log.text, log.pipe.remoteAddress]).toEqual([`hello ${nth}`, `${clients[nth]}:51234`]);
    }
    expect(failures).toEqual([]);
  });

  it('ends a connection from a balancer that does not begin with a header, and says why', async () => {
    const listener = await listen(tcpTransport({ proxies: PROXIES }));
    const socket = socketTo(listener);
    socket.write(Buffer.from('0000000c00010000', 'hex'));
    await once(socket, 'close');
    await until(() => failures.length > 0);
    expect(arrived).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+ /)]);
  });

  it('ends one that does not say who it is in time, and one that leaves', async () => {
    const listener = await listen(tcpTransport({ proxies: PROXIES, arrivalTimeoutMs: 50 }));
    const silent = socketTo(listener);
    silent.write(V1.subarray(0, 9));
    await once(silent, 'close');
    const gone = socketTo(listener);
    gone.end();
    await once(gone, 'close');
    await until(() => failures.length === 2);
    expect(arrived).toEqual([]);
  });

  it('holds a bounded number of them: the oldest makes room', async () => {
    const listener = await listen(tcpTransport({ proxies: PROXIES, maxArrivals: 3 }));
    const silent = [];
    for (let nth = 0; nth < 4; nth += 1) {
      const socket = socketTo(listener);
      await once(socket, 'connect');
      silent.push(socket);
    }
    await until(() => failures.length === 1);
    expect(failures[0]).toContain(`:${silent[0]?.localPort} `);
  });

  it('A13: counts who stands behind a balancer, and those that it has not named apart', async () => {
    const places = new Places({ most: 4 });
    const listener = await listen(tcpTransport({ proxies: PROXIES }), places);
    const crowd = [];
    for (let nth = 0; nth < 3; nth += 1) crowd.push(await behind(listener, '203.0.113.7'));
    const alone = await behind(listener, '203.0.113.8');
    const silent = socketTo(listener);
    await crowd[0]?.closed();
    expect([places.size, places.strangers, places.madeRoom]).toEqual([4, 4, 1]);
    const next = await behind(listener, '203.0.113.9');
    expect(places.madeRoom).toBe(2);
    expect([...crowd, alone, next].map(({ ends }) => ends)).toEqual([1, 1, 0, 0, 0]);
    silent.destroy();
    await until(() => places.size === 3);
  });

  it('A13: of handshakes that stand still, the oldest of the source that has most makes room', async () => {
    const secured = tlsTransport({ server, maxHandshakes: 3 });
    const listener = await listen(secured);
    const silent: Socket[] = [];
    for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.3', '127.0.0.4']) {
      const socket = socketTo(listener, { localAddress });
      await once(socket, 'connect');
      silent.push(socket);
    }
    const ofMost = (failure: string): boolean => failure.startsWith('127.0.0.3:');
    await until(() => failures.some(ofMost));
    expect(failures.find(ofMost)).toContain(`:${silent[1]?.localPort} `);
  });

  it('takes no header from anybody else: the bytes are the connection', async () => {
    const listener = await listen(tcpTransport({ proxies: ['192.0.2.0/24', '2001:db8::/32'] }));
    const socket = socketTo(listener);
    socket.write(V1);
    const log = await nextArrival();
    await log.has(V1.length);
    expect(log.pipe.remoteAddress).toBe(`${HOST}:${socket.localPort}`);
    expect(log.bytes).toEqual(V1);
    log.pipe.destroy();
  });

  it.each(['localhost', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/8/8', '10.0.0.0/', '', '10.0.0.0/-1'])(
    'refuses "%s" as a network',
    (network) => {
      const refusal = expect.objectContaining({ code: 'bad_option' });
      expect(() => tcpTransport({ proxies: [network] })).toThrow(refusal);
    },
  );
});
