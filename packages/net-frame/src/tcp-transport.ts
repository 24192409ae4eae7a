/**
 * The TCP transport. Every socket has its error listener from its first moment, so that none can end the
 * process.
 */
import { createConnection, createServer } from 'node:net';
import { SocketPipe, connected, startListening } from './socket-pipe.ts';
import type { ConnectOptions, Listener, ListenOptions, Pipe, Transport } from './transport.ts';

function listen(options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
  return startListening(
    createServer((socket) => accept(new SocketPipe(socket))),
    options,
  );
}

function connect(options: ConnectOptions): Promise<Pipe> {
  const { host, port } = options;
  return connected(createConnection({ host, port }), options, 'connect');
}

export function tcpTransport(): Transport {
  return Object.freeze({ listen, connect });
}
