/**
 * Loaded into each app of a cluster before it starts (`node --import`): tells over a socket of the file
 * system what the process has cost. An app itself knows nothing of it.
 */

import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { usageOfProcess } from './usage.ts';

/** The environment variable that names the directory of the sockets. */
export const PROBE_DIRECTORY = 'BENCH_PROBE_DIRECTORY';

/** Where the probe of an app listens. */
export function probeSocket(directory: string, app: string): string {
  return join(directory, `${app}.sock`);
}

const directory = process.env[PROBE_DIRECTORY];
const main = process.argv[1];
if (directory !== undefined && main !== undefined && basename(main) === 'main.ts') {
  mkdirSync(directory, { recursive: true });
  // .../apps/<app>/src/main.ts
  const app = basename(dirname(dirname(main)));
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (order) => socket.end(JSON.stringify(usageOfProcess(order.toString() === 'collect'))));
  })
    .listen(probeSocket(directory, app))
    .unref();
}
