/**
 * What a connection is, found out step by step after it was accepted: who stands behind a load balancer, and
 * TLS where the port has it. All steps together have one time-out and one bound.
 *
 *     accepted ──▶ PROXY header, from listed proxies ──▶ TLS, where it is on ──▶ a pipe, handed to `accept`
 *        └── too slow, the oldest of too many, wrong header, failed handshake ──▶ closed, `failed` is called
 *
 * Every socket has its error listener from its first moment, so that none can end the process.
 *
 * Invariant: of a listener at most `most` arrivals are unfinished at once, and none for longer than
 * `timeoutMs`. A connection for which nothing has to be found out is a pipe in the turn in which it is
 * accepted.
 */
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { readProxyHeader } from './proxy-header.ts';
import type { Proxies } from './proxies.ts';
import { SocketPipe, remoteAddressOf } from './socket-pipe.ts';
import type { TlsServerOptions } from './tls-options.ts';
import { formatAddress } from './transport.ts';
import type { ListenOptions, Pipe } from './transport.ts';

/** TLS 1.3 and nothing older; no session is ever resumed: each connection shows its certificates. */
export const TLS_PROTOCOL = { minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET } as const;

export interface ArrivalOptions {
  readonly proxies: Proxies;
  readonly tls?: TlsServerOptions | undefined;
  readonly timeoutMs: number;
  readonly most: number;
  readonly failed?: ListenOptions['failed'];
}

/** A connection of which it is not known yet what it is. */
interface Arrival {
  readonly socket: Socket;
  /** Where it comes from, as far as it is known by now. */
  remoteAddress: string;
  cause?: Error;
  readonly late: () => void;
  readonly deadline: AbortSignal;
}

export class Arrivals {
  readonly #options: ArrivalOptions;
  readonly #accept: (pipe: Pipe) => void;
  /** By the address of the socket itself, the oldest first. */
  readonly #unfinished = new Map<string, Arrival>();
  readonly #tls: Server | undefined;
  #closed = false;

  constructor(options: ArrivalOptions, accept: (pipe: Pipe) => void) {
    this.#options = options;
    this.#accept = accept;
    if (options.tls !== undefined) this.#tls = this.#tlsServer(options.tls);
  }

  /** Takes a socket that was accepted in this turn. */
  begin(socket: Socket): void {
    if (this.#closed) {
      socket.on('error', () => undefined).destroy();
      return;
    }
    const isProxied = this.#options.proxies.speaksFor(socket.remoteAddress);
    if (!isProxied && this.#tls === undefined) return this.#accept(new SocketPipe(socket));
    const arrival = this.#arrived(socket);
    if (isProxied) this.#readHeader(arrival);
    else this.#secure(arrival);
    if (this.#unfinished.size > this.#options.most) this.#makeRoom();
  }

  /** Accepts nobody any more; what is unfinished ends by itself. */
  close(): void {
    this.#closed = true;
  }

  #arrived(socket: Socket): Arrival {
    const { timeoutMs, failed } = this.#options;
    const key = remoteAddressOf(socket);
    const deadline = AbortSignal.timeout(timeoutMs);
    const late = (): void => void socket.destroy(new Error(`it was not through within ${timeoutMs} ms`));
    const arrival: Arrival = { socket, remoteAddress: key, late, deadline };
    deadline.addEventListener('abort', late);
    this.#unfinished.set(key, arrival);
    socket.on('error', (error) => (arrival.cause ??= error));
    socket.on('close', () => {
      if (!this.#finish(key, arrival)) return;
      failed?.(arrival.remoteAddress, arrival.cause ?? new Error('it was left before its end'));
    });
    return arrival;
  }

  /** Returns whether it was unfinished. */
  #finish(key: string, arrival: Arrival): boolean {
    if (this.#unfinished.get(key) !== arrival) return false;
    this.#unfinished.delete(key);
    arrival.deadline.removeEventListener('abort', arrival.late);
    return true;
  }

  #makeRoom(): void {
    for (const { socket } of this.#unfinished.values()) {
      socket.destroy(new Error(`over ${this.#options.most} were unfinished, and this was the oldest`));
      return;
    }
  }

  /** What comes after the header is the client's, and stays in the socket for whoever reads it next. */
  #readHeader(arrival: Arrival): void {
    const { socket } = arrival;
    let bytes: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const verdict = readProxyHeader(bytes);
      if (verdict.kind === 'more') return;
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      if (verdict.kind === 'bad') {
        socket.destroy(new Error(verdict.why));
        return;
      }
      if (verdict.client !== undefined) arrival.remoteAddress = formatAddress(verdict.client);
      if (verdict.length < bytes.length) socket.unshift(bytes.subarray(verdict.length));
      if (this.#tls === undefined) this.#through(arrival, socket);
      else this.#secure(arrival);
    };
    const onEnd = (): void => void socket.destroy();
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
  }

  #secure({ socket }: Arrival): void {
    this.#tls?.emit('connection', socket);
  }

  #through(arrival: Arrival, socket: Socket): void {
    if (!this.#finish(remoteAddressOf(arrival.socket), arrival)) return;
    if (this.#closed) socket.destroy();
    else this.#accept(new SocketPipe(socket, arrival.remoteAddress));
  }

  /**
   * It listens nowhere: sockets are handed to it. For each it emits exactly one of these two, the second also
   * for a mere end.
   */
  #tlsServer({ cert, key, clientCa }: TlsServerOptions): Server {
    const mutual =
      clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
    const options = { ...TLS_PROTOCOL, cert, key, ...mutual, handshakeTimeout: this.#options.timeoutMs };
    return createTlsServer(options)
      .on('secureConnection', (socket) => {
        const arrival = this.#unfinished.get(remoteAddressOf(socket));
        if (arrival === undefined) socket.destroy();
        else this.#through(arrival, socket);
      })
      .on('tlsClientError', (error, socket: TLSSocket) => {
        const arrival = this.#unfinished.get(remoteAddressOf(socket));
        if (arrival !== undefined) arrival.cause ??= error;
        socket.destroy();
      });
  }
}
