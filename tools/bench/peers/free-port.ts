// A free port for a peer that must be told one.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from '../src/sockets.ts';

/** Another process may still take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
