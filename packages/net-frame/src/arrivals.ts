/**
 * What a connection is, found out step by step after it was accepted: who stands behind a load balancer, and
 * TLS where the port has it. All steps together have one time-out and one bound. Whoever comes takes a place
 * of the port first, and one among the unfinished where something has to be found out; both know the proxies'
 * clients by their own addresses as soon as those are read.
 *
 *     accepted ──▶ PROXY header, from listed proxies ──▶ TLS, where it is on ──▶ a pipe, handed to `accept`
 *        │
 *        ├── no place ──▶ closed, `refused` is called
 *        └── too slow, made room, wrong header, failed handshake ──▶ closed, `failed` is called
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
import { Places } from './places.ts';
import type { Guest, Place } from './places.ts';
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
  readonly listening: Pick<ListenOptions, 'places' | 'refused' | 'failed'>;
}

/** A connection of which it is not known yet what it is. */
class Arrival implements Guest {
  readonly socket: Socket;
  /** No other open socket has it. */
  readonly ends: string;
  /** Where it comes from, as far as it is known by now. */
  remoteAddress: string;
  /** Its place at the port. */
  place: Place | undefined;
  /** Its place among the unfinished. */
  unfinished: Place | undefined;
  cause?: Error;
  #deadline: AbortSignal | undefined;

  constructor(socket: Socket, remoteAddress: string) {
    this.socket = socket;
    this.ends = endsOf(socket);
    this.remoteAddress = remoteAddress;
    socket.on('error', (error) => (this.cause ??= error));
  }

  readonly #late = (): void => {
    this.socket.destroy(new Error('it was not through in time'));
  };

  /** It must be finished within so many milliseconds. */
  hurry(timeoutMs: number): void {
    this.#deadline = AbortSignal.timeout(timeoutMs);
    this.#deadline.addEventListener('abort', this.#late);
  }

  makeRoom(): void {
    this.socket.destroy(new Error('it was unfinished, and made room for another one'));
  }

  named(remoteAddress: string): void {
    this.remoteAddress = remoteAddress;
    this.place?.named(remoteAddress);
    if (!this.socket.destroyed) this.unfinished?.named(remoteAddress);
  }

  /** It is not unfinished any more. */
  finish(): void {
    this.unfinished?.free();
    this.#deadline?.removeEventListener('abort', this.#late);
  }
}

export class Arrivals {
  readonly #options: ArrivalOptions;
  readonly #accept: (pipe: Pipe) => void;
  /**
   * By the addresses of both ends of the socket itself: one client may come to two addresses from one port.
   */
  readonly #unfinished = new Map<string, Arrival>();
  readonly #unfinishedPlaces: Places;
  readonly #tls: Server | undefined;
  #closed = false;

  constructor(options: ArrivalOptions, accept: (pipe: Pipe) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#unfinishedPlaces = new Places({ most: options.most });
    if (options.tls !== undefined) this.#tls = this.#tlsServer(options.tls);
  }

  /** Takes a socket that was accepted in this turn. */
  begin(socket: Socket): void {
    if (this.#closed) {
      socket.on('error', () => undefined).destroy();
      return;
    }
    const isProxied = this.#options.proxies.speaksFor(socket.remoteAddress);
    if (isProxied || this.#tls !== undefined) this.#arrived(socket, isProxied);
    else this.#direct(socket);
  }

  /** Accepts nobody any more; what is unfinished ends by itself. */
  close(): void {
    this.#closed = true;
  }

  /** Nothing has to be found out. */
  #direct(socket: Socket): void {
    const pipe = new SocketPipe(socket);
    const { places, refused } = this.#options.listening;
    pipe.place = places?.take(pipe.remoteAddress, pipe);
    if (places === undefined || pipe.place !== undefined) return this.#accept(pipe);
    pipe.destroy();
    refused?.(pipe.remoteAddress);
  }

  #arrived(socket: Socket, isProxied: boolean): void {
    const { timeoutMs, listening } = this.#options;
    const { places, refused, failed } = listening;
    const remoteAddress = remoteAddressOf(socket);
    const arrival = new Arrival(socket, remoteAddress);
    const knownAddress = isProxied ? undefined : remoteAddress;
    arrival.place = places?.take(knownAddress, arrival);
    if (places !== undefined && arrival.place === undefined) {
      socket.destroy();
      refused?.(remoteAddress);
      return;
    }
    this.#unfinished.set(arrival.ends, arrival);
    arrival.hurry(timeoutMs);
    socket.on('close', () => {
      arrival.place?.free();
      if (!this.#finish(arrival)) return;
      failed?.(arrival.remoteAddress, arrival.cause ?? new Error('it was left before its end'));
    });
    arrival.unfinished = this.#unfinishedPlaces.take(knownAddress, arrival);
    if (arrival.unfinished === undefined) arrival.makeRoom();
    else if (isProxied) this.#readHeader(arrival);
    else this.#secure(arrival);
  }

  /** Returns whether it was unfinished. */
  #finish(arrival: Arrival): boolean {
    if (this.#unfinished.get(arrival.ends) !== arrival) return false;
    this.#unfinished.delete(arrival.ends);
    arrival.finish();
    return true;
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
      arrival.named(verdict.client === undefined ? arrival.remoteAddress : formatAddress(verdict.client));
      if (socket.destroyed) return;
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
    if (arrival.socket.destroyed || !this.#finish(arrival)) return;
    if (this.#closed) {
      socket.destroy();
      return;
    }
    const pipe = new SocketPipe(socket, arrival.remoteAddress);
    pipe.place = arrival.place;
    if (pipe.place !== undefined) pipe.place.guest = pipe;
    this.#accept(pipe);
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
        const arrival = this.#unfinished.get(endsOf(socket));
        if (arrival === undefined) socket.destroy();
        else this.#through(arrival, socket);
      })
      .on('tlsClientError', (error, socket: TLSSocket) => {
        const arrival = this.#unfinished.get(endsOf(socket));
        if (arrival !== undefined) arrival.cause ??= error;
        socket.destroy();
      });
  }
}

/** The addresses of both ends; a socket of TLS has those of the one that it was made of. */
function endsOf(socket: Socket): string {
  const { localAddress = '', localPort = 0 } = socket;
  return `${remoteAddressOf(socket)} ${localAddress} ${localPort}`;
}
