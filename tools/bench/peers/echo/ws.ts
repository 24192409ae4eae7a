// ws with JSON, the usual pair. Compression is off, which is the default of its server and what its documentation advises.

import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import type { EchoContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';

const parsed = (data: RawData): unknown => JSON.parse((data as Buffer).toString());

export const contender: EchoContender = {
  async serve() {
    const server = new WebSocketServer({ host: HOST, port: 0, perMessageDeflate: false });
    server.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(JSON.stringify(parsed(data))));
    });
    await once(server, 'listening');
    return { served: { port: (server.address() as { port: number }).port } };
  },

  async connect({ port }, heard) {
    const socket = new WebSocket(`ws://${HOST}:${port}`, { perMessageDeflate: false });
    socket.on('message', (data) => {
      parsed(data);
      heard();
    });
    await once(socket, 'open');
    return { send: () => socket.send(JSON.stringify(CHAT)) };
  },
};
