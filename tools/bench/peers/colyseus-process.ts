// One of several Colyseus processes, forked: says what it costs when it serves, and again whenever it is asked.
//
//     colyseus-process.ts <port of Redis> <own port>

import { RedisDriver } from '@colyseus/redis-driver';
import { RedisPresence } from '@colyseus/redis-presence';
import type { Usage } from '../src/contender.ts';
import { HOST } from '../src/sockets.ts';
import { usageOfProcess } from '../src/usage.ts';
import { MembersRoom } from './colyseus-login.ts';
import { serveColyseus } from './colyseus.ts';

export interface Question {
  readonly collect: boolean;
}
export interface Answer {
  readonly usage: Usage;
}

const [redisPort = 0, port = 0] = process.argv.slice(2).map(Number);
const redis = { host: HOST, port: redisPort };

function answer({ collect }: Question): void {
  const told: Answer = { usage: usageOfProcess(collect) };
  process.send?.(told);
}

process.on('disconnect', () => process.exit());
await serveColyseus(MembersRoom, {
  port,
  presence: new RedisPresence(redis),
  driver: new RedisDriver(redis),
  publicAddress: `${HOST}:${port}`,
});
process.on('message', answer);
answer({ collect: false });
