// fastify and undici: HTTP as fast as Node has it. Body and answer have schemas, as fastify advises; undici keeps as many
// connections as calls are under way.

import { fastify } from 'fastify';
import { Pool } from 'undici';
import type { CallContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';

const chat = {
  type: 'object',
  required: ['name', 'text', 'n'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 64 },
    text: { type: 'string', minLength: 1, maxLength: 1_000 },
    n: { type: 'integer', minimum: 0 },
  },
} as const;

export const contender: CallContender = {
  async serve() {
    const server = fastify();
    server.post('/chat', { schema: { body: chat, response: { 200: chat } } }, async ({ body }) => body);
    await server.listen({ host: HOST, port: 0 });
    return { served: { port: (server.server.address() as { port: number }).port } };
  },

  async connect({ port }) {
    const pool = new Pool(`http://${HOST}:${port}`);
    return {
      call: async () => {
        const { body } = await pool.request({
          method: 'POST',
          path: '/chat',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(CHAT),
        });
        return body.json();
      },
    };
  },
};
