/**
 * TCP as tools need it beside the product's: a connection may come from an address of one's choice, and its
 * pipe can be broken off by a reset. It only connects; it knows no frames.
 */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { formatAddress } from '@lobby/net-frame';
import type { ConnectOptions, Pipe, PipeHandlers, Transport } from '@lobby/net-frame';

class ToolPipe implements Pipe {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  #cause: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket.on('error', (error) => (this.#cause = error));
    this.remoteAddress = formatAddress({ host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  open(handlers: PipeHandlers): void {
    const over = (): void => handlers.closed(this.#cause);
    if (this.#socket.destroyed) return queueMicrotask(over);
    this.#socket.on('data', (chunk: Buffer) => handlers.data(chunk)).on('close', over);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
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

  /** Breaks it off: the other side gets a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

export interface ToolTransportOptions {
  /** Asked for every connection where it is to come from; the system's choice where it says `undefined`. */
  readonly from?: () => string | undefined;
}

/** Connects, and never listens: `listen` throws. */
export function toolTransport({ from = () => undefined }: ToolTransportOptions = {}): Transport {
  return {
    listen: () => {
      throw new Error('this transport connects only: listen with one of @lobby/net-frame');
    },
    connect: ({ host, port, timeoutMs }) => {
      const localAddress = from();
      const socket = createConnection({
        host,
        port,
        noDelay: true,
        ...(localAddress === undefined ? {} : { localAddress }),
      });
      return connected(socket, { host, port, timeoutMs });
    },
  };
}

function connected(socket: Socket, { host, port, timeoutMs }: ConnectOptions): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(late);
      socket.destroy();
      reject(error);
    };
    const late = setTimeout(() => {
      const words = `no connection to ${formatAddress({ host, port })} within ${timeoutMs} ms`;
      fail(Object.assign(new Error(words), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    socket.once('error', fail).once('connect', () => {
      clearTimeout(late);
      socket.off('error', fail);
      resolve(new ToolPipe(socket));
    });
  });
}
