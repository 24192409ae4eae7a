/**
 * The guard of a cluster, as a process: reads orders from its standard input, and at its end clears up. See
 * `guard.ts`.
 */

import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { GuardOrder } from './guard.ts';

const directory = process.argv[2];
const watched = new Set<number>();

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as GuardOrder;
  if ('watch' in order) watched.add(order.watch);
  else watched.delete(order.forget);
}

for (const pid of watched) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
if (directory !== undefined)
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
