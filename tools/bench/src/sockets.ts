/**
 * Plain TCP on the loopback, as the limit and those contenders use it that bring no transport of their own.
 */

import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';

export const HOST = '127.0.0.1';
const BACKLOG = 4_096;

/** Listens on a free port; resolves with its number. */
export async function listen(server: Server): Promise<number> {
  server.listen({ host: HOST, port: 0, backlog: BACKLOG });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A TCP server that hands out its sockets, without delay. */
export async function tcpServer(accept: (socket: Socket) => void): Promise<number> {
  return listen(
    createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      accept(socket);
    }),
  );
}

/** An end that nobody expected ends the load: its error is left to whoever started the process. */
export async function tcpConnect(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/**
 * Gathers what is written in one turn of the event loop into one write. What is returned is to be called with
 * each piece.
 */
export function gathered(socket: Socket): (piece: Uint8Array) => void {
  let pieces: Uint8Array[] = [];
  const flush = (): void => {
    const bytes = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
    pieces = [];
    socket.write(bytes);
  };
  return (piece) => {
    if (pieces.push(piece) === 1) setImmediate(flush);
  };
}
