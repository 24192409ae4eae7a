/**
 * The real lobby for those scenarios that need all of it: app-fronts, lobby-master and room-master as
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
import { PROBE_SOCKET } from './cluster-probe.ts';
import type { Serving, Usage } from './contender.ts';

const MASTERS = ['lobby-master', 'room-master'];
const FRONT = 'app-front';
const MANY = String(1_000_000);
/** Descriptors of a process are 20,000 at most: these connections, and some for the process itself. */
const MOST_CONNECTIONS = '19800';
const PROBE = new URL('cluster-probe.ts', import.meta.url).href;

/**
 * Serves until it is stopped, with one app-front if not told otherwise. What it costs is that of all
 * processes; memory is that of the fronts, which hold the clients.
 */
export async function serveCluster({ fronts = 1 } = {}): Promise<Serving> {
  const tokenSecret = randomBytes(32).toString('hex');
  const directory = await mkdtemp(join(tmpdir(), 'lobby-bench-'));
  const frontNodes = Array.from({ length: fronts }, (_, at) => (at === 0 ? FRONT : `${FRONT}-${at + 1}`));
  const nodes = [...MASTERS, ...frontNodes];
  const socketOf = (node: string): string => join(directory, `${node}.sock`);
  const cluster = await startCluster({
    apps: nodes,
    fleet: { [FRONT]: fronts },
    envOf: Object.fromEntries(nodes.map((node) => [node, { [PROBE_SOCKET]: socketOf(node) }])),
    env: {
      NODE_ENV: 'production',
      NODE_OPTIONS: `--expose-gc --disable-warning=ExperimentalWarning --import=${PROBE}`,
      LOBBY_TOKEN_SECRET: tokenSecret,
      LOBBY_MAX_CONNECTIONS: MOST_CONNECTIONS,
      LOBBY_MAX_UNAUTHENTICATED_PER_ADDRESS: MOST_CONNECTIONS,
      LOBBY_RATE_PER_SECOND: MANY,
      LOBBY_RATE_BURST: MANY,
      LOBBY_LOG_LEVEL: 'warn',
    },
  });
  await cluster.ready();
  const ports = frontNodes.map((node) => cluster.app(node).address.port);
  const [port = 0] = ports;
  return {
    served: { port, ports, more: { tokenSecret } },
    usage: async (collect) => {
      const all = await Promise.all(nodes.map((node) => usageOf(socketOf(node), collect)));
      const ofFronts = all.slice(MASTERS.length);
      return {
        cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
        rssBytes: ofFronts.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      };
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
