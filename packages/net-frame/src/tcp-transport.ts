/** The TCP transport. Every socket has its error listener from its first moment, so that none can end the process. */
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { formatAddress } from './transport.ts';
import type {
  Address,
  ConnectOptions,
  Listener,
  ListenOptions,
  Pipe,
  PipeHandlers,
  Transport,
} from './transport.ts';

class TcpPipe implements Pipe {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  #cause: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = formatAddress({
      host: socket.remoteAddress ?? 'unknown',
      port: socket.remotePort ?? 0,
    });
    socket.setNoDelay(true);
    socket.on('error', (error) => (this.#cause = error));
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  open(handlers: PipeHandlers): void {
    if (this.#socket.destroyed) {
      queueMicrotask(() => handlers.closed(this.#cause));
      return;
    }
    this.#socket.on('data', (chunk: Buffer) => handlers.data(chunk));
    this.#socket.on('close', () => handlers.closed(this.#cause));
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

class TcpListener implements Listener {
  readonly address: Address;
  readonly #server: Server;
  #closing: Promise<void> | undefined;

  constructor(server: Server) {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new TypeError('a TCP listener has a port');
    this.address = { host: bound.address, port: bound.port };
    this.#server = server;
  }

  close(): Promise<void> {
    // Connections live on, so the server's own 'close' event may be far away; the port is free once close() was called.
    this.#closing ??= Promise.resolve(this.#server.close()).then(() => undefined);
    return this.#closing;
  }
}

function listen(options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => accept(new TcpPipe(socket)));
    if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
    server.on('drop', () => options.refused?.());
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: 4096 }, () => {
      server.off('error', reject);
      // An accept that fails (no descriptors left) is not the end of the listener: the next one may succeed.
      server.on('error', () => options.refused?.());
      resolve(new TcpListener(server));
    });
  });
}

function connect({ host, port, timeoutMs }: ConnectOptions): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () =>
      fail(
        Object.assign(new Error(`no connection to ${formatAddress({ host, port })} within ${timeoutMs} ms`), {
          code: 'ETIMEDOUT',
        }),
      ),
    );
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(new TcpPipe(socket));
    });
  });
}

export function tcpTransport(): Transport {
  return Object.freeze({ listen, connect });
}
