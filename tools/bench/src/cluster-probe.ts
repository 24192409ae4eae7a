/**
 * Loaded into each app of a cluster before it starts (`node --import`): tells over a socket of the file
 * system what the process has cost. An app itself knows nothing of it.
 */

import { createServer } from 'node:net';
import { basename } from 'node:path';
import { usageOfProcess } from './usage.ts';

/** The environment variable that names the socket. */
export const PROBE_SOCKET = 'BENCH_PROBE_SOCKET';

const path = process.env[PROBE_SOCKET];
if (path !== undefined && basename(process.argv[1] ?? '') === 'main.ts') {
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (order) => socket.end(JSON.stringify(usageOfProcess(order.toString() === 'collect'))));
  })
    .listen(path)
    .unref();
}
