/**
 * Ports that nobody listens on, known before anybody listens on them.
 *
 * They are drawn below the range from which the system takes the near ends of outgoing connections. From that
 * range a port that is free now may be gone when its app comes back; worse, a front that knocks at the port
 * of a master that is down may be given that very port and then talks to itself.
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const LOWEST = 10_240;
const USUAL_END = 32_768;
const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';
const TRIES_PER_PORT = 50;

/** That many different ports of the loopback. Another process may still take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const end = beginningOfOutgoing();
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries >= count * TRIES_PER_PORT)
      throw new Error(`no ${count} free ports from ${LOWEST} to ${end - 1}`);
    const port = LOWEST + Math.floor(Math.random() * (end - LOWEST));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

function beginningOfOutgoing(): number {
  try {
    const begin = Number.parseInt(readFileSync(RANGE_FILE, 'utf8'), 10);
    return begin > LOWEST + 1_000 ? begin : USUAL_END;
  } catch {
    return USUAL_END;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
