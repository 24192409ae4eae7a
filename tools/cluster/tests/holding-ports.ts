/** Somebody else who listens on ports of the loopback. Rejects where one of them is taken. */

import { once } from 'node:events';
import { createServer } from 'node:net';

export async function holding(...ports: readonly number[]): Promise<AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  for (const port of ports) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    stack.use(server);
  }
  return stack;
}
