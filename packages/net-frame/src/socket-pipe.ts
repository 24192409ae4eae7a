/**
 * What TCP and TLS have in common: a socket as a pipe, a server of sockets as a listener, a deadline for
 * connecting. It knows nothing of how a socket came to be connected.
 */
import type { Server, Socket } from 'node:net';
import type { Guest, Place } from './places.ts';
import { formatAddress } from './transport.ts';
import type { Address, ConnectOptions, Listener, ListenOptions, Pipe, PipeHandlers } from './transport.ts';

const UNKNOWN = formatAddress({ host: 'unknown', port: 0 });
const PIPE = Symbol('pipe');

/**
 * A socket that knows its pipe: so all sockets share their listeners, where each would have closures of its
 * own.
 */
type PipedSocket = Socket & { [PIPE]: SocketPipe };

/**
 * A connected socket. Made in the turn in which it connected, so that its errors are never without a
 * listener.
 *
 * A socket of Node that is paused emits no bytes, but it does emit its end as soon as none wait: that end is
 * kept here until `resume`. The system is answered all the same. Whoever has ended its side is written
 * nothing more, though its last bytes may not have been delivered yet: an end of ours always means both
 * directions.
 */
export class SocketPipe implements Pipe, Guest {
  readonly remoteAddress: string;
  place: Place | undefined;
  readonly #socket: Socket;
  #handlers: PipeHandlers | undefined;
  #cause: Error | undefined;
  #paused = false;
  #destroyed = false;
  /** The connection ended in order while this was paused; it was not delivered. */
  #endWaits = false;

  /** `remoteAddress` is who stands behind the socket, where that is another one than its own other end. */
  constructor(socket: Socket, remoteAddress = remoteAddressOf(socket)) {
    this.#socket = Object.assign(socket, { [PIPE]: this });
    this.remoteAddress = remoteAddress;
    socket.setNoDelay(true);
    // oxlint-disable-next-line typescript/unbound-method -- a listener's `this` is the socket
    socket.on('error', SocketPipe.#onError);
  }

  static #onError(this: PipedSocket, error: Error): void {
    this[PIPE].#cause = error;
  }

  static #onData(this: PipedSocket, chunk: Buffer): void {
    const pipe = this[PIPE];
    if (!pipe.#destroyed) pipe.#handlers?.data(chunk);
  }

  static #onDrain(this: PipedSocket): void {
    this[PIPE].#handlers?.drained?.();
  }

  static #onClose(this: PipedSocket): void {
    const pipe = this[PIPE];
    pipe.place?.free();
    pipe.#over();
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  open(handlers: PipeHandlers): void {
    this.#handlers = handlers;
    if (this.#socket.destroyed) {
      queueMicrotask(() => this.#over());
      return;
    }
    // oxlint-disable-next-line typescript/unbound-method -- a listener's `this` is the socket
    this.#socket.on('data', SocketPipe.#onData);
    // oxlint-disable-next-line typescript/unbound-method -- a listener's `this` is the socket
    this.#socket.on('drain', SocketPipe.#onDrain);
    // oxlint-disable-next-line typescript/unbound-method -- a listener's `this` is the socket
    this.#socket.on('close', SocketPipe.#onClose);
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
    this.#deliverEndLater();
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#socket.destroy();
    this.#deliverEndLater();
  }

  /** As long as nobody else has its place. */
  makeRoom(): void {
    this.destroy();
  }

  /** The socket has emitted all its bytes, unless it broke or was destroyed. */
  #over(): void {
    this.#endWaits = this.#paused && !this.#destroyed && this.#cause === undefined;
    if (!this.#endWaits) this.#handlers?.closed(this.#cause);
  }

  #deliverEndLater(): void {
    if (!this.#endWaits) return;
    queueMicrotask(() => {
      // It may have been paused again, and an end is delivered once.
      if (this.#endWaits) this.#over();
    });
  }
}

/** `host:port` of the other end, as far as it is known. */
export function remoteAddressOf(socket: Socket): string {
  return formatAddress({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 });
}

class SocketListener implements Listener {
  readonly address: Address;
  readonly #server: Server;
  #closing: Promise<void> | undefined;

  constructor(server: Server) {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new TypeError('a listener of sockets has a port');
    this.address = { host: bound.address, port: bound.port };
    this.#server = server;
  }

  close(): Promise<void> {
    // Connections live on, so the server's own 'close' event may be far away; the port is free once close()
    // was called.
    this.#closing ??= Promise.resolve(this.#server.close()).then(() => undefined);
    return this.#closing;
  }
}

/**
 * Listens with a server that is not listening yet. Rejects with the system's error where the address can't be
 * had.
 */
export function startListening(server: Server, options: ListenOptions): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: 4096 }, () => {
      server.off('error', reject);
      // An accept that fails (no descriptors left) is not the end of the listener: the next one may succeed.
      server.on('error', () => options.refused?.(UNKNOWN));
      resolve(new SocketListener(server));
    });
  });
}

/**
 * Resolves when a socket that was just made emits `event`. Rejects with its error, or with `ETIMEDOUT`,
 * whatever comes in between; then the socket is destroyed.
 */
export function connected(
  socket: Socket,
  { host, port, timeoutMs }: ConnectOptions,
  event: string,
): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    // A socket's own time-out begins anew with whatever happens on it; this one does not.
    const deadline = AbortSignal.timeout(timeoutMs);
    const late = (): void =>
      fail(
        Object.assign(new Error(`no connection to ${formatAddress({ host, port })} within ${timeoutMs} ms`), {
          code: 'ETIMEDOUT',
        }),
      );
    const fail = (error: Error): void => {
      deadline.removeEventListener('abort', late);
      socket.destroy();
      reject(error);
    };
    deadline.addEventListener('abort', late);
    socket.once('error', fail);
    socket.once(event, () => {
      deadline.removeEventListener('abort', late);
      socket.off('error', fail);
      resolve(new SocketPipe(socket));
    });
  });
}
