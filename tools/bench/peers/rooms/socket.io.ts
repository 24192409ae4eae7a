// socket.io over WebSocket only: its own rooms, and its own broadcast, which encodes a chat once.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { RoomsContender } from '../../src/contender.ts';
import { TEXT, nameOf } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { HOST, listen } from '../../src/sockets.ts';

export const contender: RoomsContender = {
  async serve() {
    const http = createServer();
    const server = new Server(http, { transports: ['websocket'], serveClient: false });
    server.on('connection', (socket) => {
      const room = String(socket.handshake.auth['room']);
      void socket.join(room);
      socket.on('chat', (chat: Chat) => server.to(room).emit('chat', chat));
    });
    return { served: { port: await listen(http) } };
  },

  async join({ port }, { room, member }, heard) {
    const socket = io(`http://${HOST}:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { room },
    });
    const name = nameOf(member);
    socket.on('chat', (chat: Chat) => heard(chat.name === name));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return { say: () => void socket.emit('chat', { name, text: TEXT, n: member }) };
  },
};
