/**
 * The real lobby for those scenarios that need all of it: app-front, lobby-master and room-master as
 * processes of their own, with their defaults but for the limits that a load from one address would meet.
 * They share the core of the process that starts them.
 */
import { startCluster } from '@lobby/cluster';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROBE_DIRECTORY, probeSocket } from './cluster-probe.ts';
import type { Serving, Usage } from './contender.ts';

const APPS = ['lobby-master', 'room-master', 'app-front'] as const;
const MANY = String(1_000_000);
/** Descriptors of a process are 20,000 at most: these connections, and some for the process itself. */
const MOST_CONNECTIONS = '19800';
const PROBE = new URL('cluster-probe.ts', import.meta.url).href;

/**
 * Serves until it is stopped. What it costs is that of all three; memory is app-front's, which holds the
 * clients.
 */
export async function serveCluster(): Promise<Serving> {
  const tokenSecret = randomBytes(32).toString('hex');
  const directory = await mkdtemp(join(tmpdir(), 'lobby-bench-'));
  const cluster = await startCluster({
    apps: APPS,
    env: {
      NODE_ENV: 'production',
      NODE_OPTIONS: `--expose-gc --disable-warning=ExperimentalWarning --import=${PROBE}`,
      [PROBE_DIRECTORY]: directory,
      LOBBY_TOKEN_SECRET: tokenSecret,
      LOBBY_MAX_CONNECTIONS: MOST_CONNECTIONS,
      LOBBY_MAX_UNAUTHENTICATED_PER_ADDRESS: MOST_CONNECTIONS,
      LOBBY_RATE_PER_SECOND: MANY,
      LOBBY_RATE_BURST: MANY,
      LOBBY_LOG_LEVEL: 'warn',
    },
  });
  await cluster.ready();
  return {
    served: { port: cluster.app('app-front').address.port, more: { tokenSecret } },
    usage: async (collect) => {
      const all = await Promise.all(APPS.map((app) => usageOf(probeSocket(directory, app), collect)));
      const front = all[APPS.indexOf('app-front')] as Usage;
      return { cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0), rssBytes: front.rssBytes };
    },
    stop: async () => {
      await cluster[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function usageOf(path: string, collect: boolean): Promise<Usage> {
  const socket = connect(path);
  socket.write(collect ? 'collect' : 'tell');
  return JSON.parse(await text(socket)) as Usage;
}
