/**
 * TLS by the contract of all transports, and what it owes besides: who is let in, and what a hostile or
 * broken client costs.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as aMillisecond } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { tlsTransport } from '../src/index.ts';
import type {
  Listener,
  ListenOptions,
  Pipe,
  TlsConnectorOptions,
  TlsTransportOptions,
} from '../src/index.ts';
import { testCertificates } from './test-certificates.ts';
import { transportContract } from './transport-contract.ts';

const HOST = '127.0.0.1';
/** Long enough for a handshake on a busy machine, short enough to wait for. */
const SHORT_MS = 300;

const { ca, server, service } = testCertificates();
const stranger = testCertificates();
const mutual = { server: { ...service, clientCa: ca } };
const member = { ca, ...service };

transportContract('tls', () => tlsTransport({ server, connector: { ca } }));
transportContract('mutual tls', () => tlsTransport({ ...mutual, connector: member }));

function codeOf(error: NodeJS.ErrnoException | undefined): string {
  return error?.code ?? 'closed';
}

describe('a port that speaks TLS', () => {
  const listeners: Listener[] = [];
  const accepted: Pipe[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const pipe of accepted.splice(0)) pipe.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const listener of listeners.splice(0)) await listener.close();
    await turnOfEventLoop();
  });

  async function listen(
    options: TlsTransportOptions,
    listening: Partial<ListenOptions> = {},
  ): Promise<Listener> {
    const listener = await tlsTransport(options).listen({ host: HOST, port: 0, ...listening }, (pipe) => {
      accepted.push(pipe);
      pipe.open({ data: (chunk) => pipe.write(Uint8Array.from(chunk)), closed: () => undefined });
    });
    listeners.push(listener);
    return listener;
  }

  function connect({ address }: Listener, connector: TlsConnectorOptions, host = HOST): Promise<Pipe> {
    return tlsTransport({ connector }).connect({ host, port: address.port, timeoutMs: 10_000 });
  }

  /** What is told to somebody who speaks: the answer, or why there was none. */
  async function answerTo(listener: Listener, connector: TlsConnectorOptions, host = HOST): Promise<string> {
    let pipe: Pipe;
    try {
      pipe = await connect(listener, connector, host);
    } catch (error) {
      return codeOf(error as Error);
    }
    const answer = new Promise<string>((resolve) => {
      pipe.open({
        data: (chunk) => resolve(Buffer.from(chunk).toString()),
        closed: (cause) => resolve(codeOf(cause)),
      });
    });
    pipe.write(Buffer.from('welcome'));
    return answer.finally(() => pipe.destroy());
  }

  /** Where a handshake that failed still counted, this would never come to an end. */
  async function isServedAgain(listener: Listener, connector: TlsConnectorOptions): Promise<void> {
    while ((await answerTo(listener, connector)) !== 'welcome') await turnOfEventLoop();
  }

  async function plain({ address }: Listener): Promise<Socket> {
    const socket = createConnection({ host: HOST, port: address.port });
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  function nodesOwn({ address }: Listener, options: ConnectionOptions): TLSSocket {
    const socket = connectTls({ host: HOST, port: address.port, ca, ...options });
    sockets.push(socket);
    return socket;
  }

  async function over(socket: Socket): Promise<void> {
    if (!socket.closed) await once(socket, 'close');
  }

  it('is trusted by who knows its authority, under every name in its certificate', async () => {
    const listener = await listen({ server });
    expect(await answerTo(listener, { ca })).toBe('welcome');
    expect(await answerTo(listener, { ca, servername: 'localhost' })).toBe('welcome');
    expect(await answerTo(listener, { ca }, 'localhost')).toBe('welcome');
  });

  it('is not trusted under another name, nor by who knows another authority, or only the public ones', async () => {
    const listener = await listen({ server });
    expect(await answerTo(listener, { ca, servername: 'lobby.example' })).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(await answerTo(listener, { ca: stranger.ca })).toMatch(
      /^UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE/,
    );
    expect(await answerTo(listener, {})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('lets in who has a certificate of the right authority, where it is mutual', async () => {
    expect(await answerTo(await listen(mutual), member)).toBe('welcome');
  });

  it.each<readonly [string, TlsConnectorOptions]>([
    ['no certificate', { ca }],
    ['a certificate of another authority', { ca, ...stranger.service }],
    ['a certificate that is for a server only', { ca, ...server }],
  ])('accepts nobody with %s, where it is mutual, and serves the next', async (_, connector) => {
    const listener = await listen({ ...mutual, maxHandshakes: 1 });
    expect(await answerTo(listener, connector)).not.toBe('welcome');
    expect(accepted).toEqual([]);
    await isServedAgain(listener, member);
  });

  it('says why, where a certificate is missing', async () => {
    expect(await answerTo(await listen(mutual), { ca })).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  });

  it('speaks TLS 1.3, and refuses 1.2', async () => {
    const listener = await listen({ server, maxHandshakes: 1 });
    const older = nodesOwn(listener, { maxVersion: 'TLSv1.2' });
    const [error] = (await once(older, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    const newer = nodesOwn(listener, {});
    await once(newer, 'secureConnect');
    expect(newer.getProtocol()).toBe('TLSv1.3');
  });

  it('resumes no session', async () => {
    const listener = await listen({ server });
    const first = nodesOwn(listener, {});
    const session = once(first, 'session') as Promise<[Buffer]>;
    await once(first, 'secureConnect');
    first.write('anything');
    await once(first, 'data');
    const again = nodesOwn(listener, { session: (await session)[0] });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(false);
  });

  it('closes a client that speaks plain TCP, and serves the next', async () => {
    const listener = await listen({ server, maxHandshakes: 1 });
    const socket = await plain(listener);
    socket.write(Buffer.from('00000008000100000000000081a17601', 'hex'));
    await over(socket);
    expect(accepted).toEqual([]);
    await isServedAgain(listener, { ca });
  });

  it('serves the next after clients that went away in their handshake', async () => {
    const listener = await listen({ server, maxHandshakes: 1 });
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const socket = await plain(listener);
      socket.write(Buffer.from('1603010200010001fc0303', 'hex'));
      socket[leave]();
      await over(socket);
      await isServedAgain(listener, { ca });
    }
  });

  it('closes who says nothing when the time of the handshake is over', async () => {
    const listener = await listen({ server, handshakeTimeoutMs: SHORT_MS, maxHandshakes: 1 });
    const silent = await plain(listener);
    await over(silent);
    expect(accepted).toEqual([]);
    await isServedAgain(listener, { ca });
  });

  it('closes who sends byte after byte of a handshake that has no end', async () => {
    const listener = await listen({ server, handshakeTimeoutMs: SHORT_MS });
    const slow = await plain(listener);
    // A record of 16 KiB, which holds a greeting of nearly that length.
    slow.write(Buffer.from('160301400001003ffc0303', 'hex'));
    let sent = 0;
    for (; !slow.closed && sent < 16_000; sent += 1) {
      slow.write(Buffer.of(0));
      await aMillisecond();
    }
    await over(slow);
    expect(sent).toBeLessThan(16_000);
    expect(accepted).toEqual([]);
  });

  it('ends the oldest of too many unfinished handshakes, tells why, and serves who comes next', async () => {
    const failures: string[] = [];
    const failed = (remote: string, { message }: Error): void => void failures.push(`${remote} ${message}`);
    const listener = await listen({ server, maxHandshakes: 2 }, { failed });
    const oldest = await plain(listener);
    const from = `${HOST}:${oldest.localPort}`;
    const waiting = [await plain(listener), await plain(listener)];
    await over(oldest);
    expect(await answerTo(listener, { ca })).toBe('welcome');
    while (failures.length === 0) await turnOfEventLoop();
    expect(failures[0]).toContain(`${from} `);
    expect(waiting.at(-1)?.closed).toBe(false);
  });

  it('tells why a handshake failed, and who it was', async () => {
    const failures: string[] = [];
    const failed = (remote: string, { message }: Error): void => void failures.push(`${remote} ${message}`);
    const listener = await listen({ server }, { failed });
    const socket = await plain(listener);
    const from = `${HOST}:${socket.localPort}`;
    socket.write(Buffer.from('00000008000100000000000081a17601', 'hex'));
    await over(socket);
    while (failures.length === 0) await turnOfEventLoop();
    expect(failures).toEqual([
      expect.stringMatching(new RegExp(`^${from} .*(wrong version|SSL routines)`, 'i')),
    ]);
  });

  it('does not count a handshake that is finished', async () => {
    const listener = await listen({ server, maxHandshakes: 1 });
    for (let count = 1; count <= 3; count += 1) {
      await connect(listener, { ca });
      while (accepted.length < count) await turnOfEventLoop();
    }
  });

  it('accepts nobody whose handshake ends after it was closed', async () => {
    const listener = await listen({ server });
    const late = nodesOwn(listener, {});
    await new Promise((resolve) => late.once('connect', resolve));
    await listener.close();
    late.on('error', () => undefined);
    await over(late);
    expect(accepted).toEqual([]);
  });
});

describe('connecting with TLS', () => {
  it('gives up in time where the other side accepts and is silent', async () => {
    const held: Socket[] = [];
    const silent = createServer((socket) => held.push(socket.on('error', () => undefined)));
    silent.listen(0, HOST);
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const connecting = tlsTransport({ connector: { ca } }).connect({ host: HOST, port, timeoutMs: SHORT_MS });
    await expect(connecting).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    for (const socket of held) socket.destroy();
    silent.close();
  });
});

describe('tlsTransport', () => {
  it.each<readonly [string, () => TlsTransportOptions, RegExp]>([
    [
      'a certificate that is none',
      () => ({ server: { ...server, cert: 'none' } }),
      /certificates of the server can't be used/,
    ],
    [
      'a key of another certificate',
      () => ({ server: { ...server, key: service.key } }),
      /certificates of the server can't/,
    ],
    [
      'an authority that is none',
      () => ({ connector: { ca: 'none' } }),
      /certificates of the connector can't be used/,
    ],
    ['a certificate without its key', () => ({ connector: { cert: service.cert } }), /give both or neither/],
    ['an IP address as a name', () => ({ connector: { servername: '127.0.0.1' } }), /connector\.servername/],
    ['no time for a handshake', () => ({ handshakeTimeoutMs: 0 }), /handshakeTimeoutMs/],
    ['no handshakes', () => ({ maxHandshakes: 0.5 }), /maxHandshakes/],
    [
      'what it does not know',
      () => ({ connector: { ca, rejectUnauthorized: false } as object }),
      /connector\.rejectUnauthorized/,
    ],
  ])('refuses %s', (_, options, told) => {
    expect(() => tlsTransport(options())).toThrow(
      expect.objectContaining({ code: 'bad_option', message: expect.stringMatching(told) as unknown }),
    );
  });

  it('cannot listen without a certificate', async () => {
    const listening = tlsTransport({}).listen({ host: HOST, port: 0 }, () => undefined);
    await expect(listening).rejects.toMatchObject({ code: 'bad_option' });
  });
});
