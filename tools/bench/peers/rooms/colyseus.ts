// Colyseus: a room of its own kind, and its own broadcast, which encodes a chat once.

import { Room } from '@colyseus/core';
import type { Client } from '@colyseus/core';
import type { RoomsContender } from '../../src/contender.ts';
import { TEXT, nameOf } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { colyseusClient, serveColyseus } from '../colyseus.ts';

export class ChatRoom extends Room {
  override autoDispose = false;

  override onCreate(): void {
    this.onMessage('chat', (_: Client, chat: Chat) => this.broadcast('chat', chat));
  }
}

export const contender: RoomsContender = {
  serve: async () => ({ served: { port: await serveColyseus(ChatRoom) } }),

  async join({ port }, { room: lane, member }, heard) {
    const room = await colyseusClient(port).joinOrCreate('bench', { lane });
    const name = nameOf(member);
    room.onMessage('chat', (chat: Chat) => heard(chat.name === name));
    return { say: () => room.send('chat', { name, text: TEXT, n: member }) };
  },
};
