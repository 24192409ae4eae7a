// NATS: a nats-server between the two, JSON in its messages. What it costs is that of nats-server and of the process that answers.

import { spawn } from 'node:child_process';
import { connect } from '@nats-io/transport-node';
import type { CallContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import { cpuMsOf } from '../../src/run/machine.ts';
import { HOST } from '../../src/sockets.ts';
import { usageOfProcess } from '../../src/usage.ts';
import { freePort } from '../free-port.ts';

const TRIES = 100;
const BETWEEN_TRIES_MS = 50;

async function connected(port: number): ReturnType<typeof connect> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await connect({ servers: `${HOST}:${port}` });
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }
}

export const contender: CallContender = {
  async serve() {
    const port = await freePort();
    const server = spawn('nats-server', ['-a', HOST, '-p', String(port)], { stdio: 'ignore' });
    process.once('exit', () => server.kill());
    const connection = await connected(port);
    connection.subscribe('chat', {
      callback: (error, message) => {
        if (error === null) message.respond(JSON.stringify(message.json()));
      },
    });
    return {
      served: { port },
      usage: async (collect) => {
        const { cpuMs, rssBytes } = usageOfProcess(collect);
        return { cpuMs: cpuMs + cpuMsOf(server.pid ?? 0), rssBytes };
      },
    };
  },

  async connect({ port }) {
    const connection = await connected(port);
    return { call: async () => (await connection.request('chat', JSON.stringify(CHAT))).json() };
  },
};
