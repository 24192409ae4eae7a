// socket.io over WebSocket only, without the long-polling handshake, as its performance page advises.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { EchoContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { HOST, listen } from '../../src/sockets.ts';

export const contender: EchoContender = {
  async serve() {
    const http = createServer();
    const server = new Server(http, { transports: ['websocket'], serveClient: false });
    server.on('connection', (socket) => {
      socket.on('chat', (chat: Chat) => socket.emit('chat', chat));
    });
    return { served: { port: await listen(http) } };
  },

  async connect({ port }, heard) {
    const socket = io(`http://${HOST}:${port}`, { transports: ['websocket'], forceNew: true });
    socket.on('chat', heard);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return { send: () => void socket.emit('chat', CHAT) };
  },
};
