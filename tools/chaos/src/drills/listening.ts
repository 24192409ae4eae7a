/** When a process that was started can be reached again: before it answers anything. */

import { createConnection } from 'node:net';
import { eventually } from '@lobby/cluster';
import type { AppProcess } from '@lobby/cluster';

const PATIENCE_MS = 60_000;

/** When somebody first accepts connections at its address, by the clock of `performance.now()`. */
export async function listening({ name, address: { host, port } }: AppProcess): Promise<number> {
  return eventually(
    `${name} listens`,
    () =>
      new Promise<number | false>((resolve) => {
        const socket = createConnection({ host, port })
          .on('error', () => resolve(false))
          .on('connect', () => {
            resolve(performance.now());
            socket.destroy();
          });
      }),
    { withinMs: PATIENCE_MS, everyMs: 5 },
  );
}
