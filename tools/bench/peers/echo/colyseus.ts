// Colyseus: a room whose clients are answered what they say. All connections of a load are in one room.

import { Room } from '@colyseus/core';
import type { Client } from '@colyseus/core';
import type { EchoContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { colyseusClient, serveColyseus } from '../colyseus.ts';

class EchoRoom extends Room {
  override autoDispose = false;

  override onCreate(): void {
    this.onMessage('chat', (client: Client, chat: Chat) => client.send('chat', chat));
  }
}

export const contender: EchoContender = {
  serve: async () => ({ served: { port: await serveColyseus(EchoRoom) } }),

  async connect({ port }, heard) {
    const room = await colyseusClient(port).joinOrCreate('bench', { lane: 0 });
    room.onMessage('chat', heard);
    return { send: () => room.send('chat', CHAT) };
  },
};
