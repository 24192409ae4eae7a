// ws with JSON: a room is a set of sockets; a chat is parsed, written as JSON once, and sent to each.

import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import type { RoomsContender } from '../../src/contender.ts';
import { TEXT, nameOf } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';

const parsed = (data: RawData): Chat => JSON.parse((data as Buffer).toString()) as Chat;

export const contender: RoomsContender = {
  async serve() {
    const server = new WebSocketServer({ host: HOST, port: 0, backlog: 4_096, perMessageDeflate: false });
    const rooms = new Map<string, Set<WebSocket>>();
    server.on('connection', (socket, request) => {
      const key = request.url ?? '';
      const room = rooms.get(key) ?? new Set();
      rooms.set(key, room.add(socket));
      socket.on('close', () => room.delete(socket));
      socket.on('message', (data) => {
        const text = JSON.stringify(parsed(data));
        for (const member of room) member.send(text);
      });
    });
    await once(server, 'listening');
    return { served: { port: (server.address() as { port: number }).port } };
  },

  async join({ port }, { room, member, isSpeaker }, heard) {
    const socket = new WebSocket(`ws://${HOST}:${port}/${room}`, { perMessageDeflate: false });
    const name = nameOf(member);
    // Listeners leave what they get unparsed: the load has one core for all of them.
    socket.on('message', (data) => heard(isSpeaker && parsed(data).name === name));
    await once(socket, 'open');
    return { say: () => socket.send(JSON.stringify({ name, text: TEXT, n: member })) };
  },
};
