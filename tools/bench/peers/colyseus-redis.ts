// Colyseus on two processes, as its documentation scales it: Redis presence and driver, each process under an address of its own,
// to which the seats lead. Its users come to one or the other, as a balancer would send them, whose cost is left out.
//
// What it costs is that of both processes and of redis-server, which writes nothing to disk.

import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Serving, Usage } from '../src/contender.ts';
import { cpuMsOf } from '../src/run/machine.ts';
import { HOST } from '../src/sockets.ts';
import type { Answer, Question } from './colyseus-process.ts';
import { freePort } from './free-port.ts';

const PROCESSES = 2;
// With the default of 2 s the processes give up on each other while many come at once.
const PATIENCE = { COLYSEUS_PRESENCE_SHORT_TIMEOUT: '30000' };
const KEPT_OUTPUT = 4_000;
const PROCESS = fileURLToPath(new URL('colyseus-process.ts', import.meta.url));

export async function serveMembersOnRedis(): Promise<Serving> {
  const redisPort = await freePort();
  const redis = await startRedis(redisPort);
  const processes: ChildProcess[] = [];
  const ports: number[] = [];
  // One after the other, so that each takes a port that is free.
  while (processes.length < PROCESSES) {
    const port = await freePort();
    const child = fork(PROCESS, [String(redisPort), String(port)], {
      stdio: 'inherit',
      env: { ...process.env, ...PATIENCE },
    });
    await answerOf(child);
    processes.push(child);
    ports.push(port);
  }
  const [port = 0] = ports;
  return {
    served: { port, ports },
    usage: async (collect) => {
      const all = await Promise.all(processes.map((child) => usageOf(child, { collect })));
      const sum = (key: keyof Usage): number => all.reduce((total, one) => total + one[key], 0);
      return { cpuMs: sum('cpuMs') + cpuMsOf(redis.pid ?? 0), rssBytes: sum('rssBytes') };
    },
    stop: async () => {
      await Promise.all(processes.map((child) => ended(child)));
      await ended(redis);
    },
  };
}

/** Resolves when it takes connections. It ends with this process. */
function startRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => redis.kill());
  return new Promise((resolve, reject) => {
    let output = '';
    redis.stdout.on('data', (text: Buffer) => {
      output = (output + text.toString()).slice(-KEPT_OUTPUT);
      if (output.includes('Ready to accept connections')) resolve(redis);
    });
    redis.once('error', reject);
    redis.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
  });
}

async function usageOf(child: ChildProcess, question: Question): Promise<Usage> {
  child.send(question);
  return (await answerOf(child)).usage;
}

/** What it says next. Rejects where it ends instead. */
function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a Colyseus process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      resolve(answer);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
