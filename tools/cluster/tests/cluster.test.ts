/**
 * The cluster itself: what it says when an app does not come up, and that nothing stays behind, however its
 * starter ends.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { Cluster, ClusterError, eventually, startCluster } from '../src/index.ts';

jest.setTimeout(60_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What a promise rejects with; what it resolves with instead is cleared away. */
async function errorOf(work: Promise<AsyncDisposable>): Promise<ClusterError> {
  let made: AsyncDisposable;
  try {
    made = await work;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  await made[Symbol.asyncDispose]();
  throw new Error('it succeeded');
}

describe('startCluster', () => {
  it('rejects with what the app said, and leaves nothing, where an app does not start', async () => {
    const error = await errorOf(
      startCluster({ apps: ['room-master'], env: { LOBBY_SERVICE_HEARTBEAT_MS: 'often' } }),
    );
    expect(error.code).toBe('app_ended');
    expect(error.message).toMatch(/^room-master ended with exit code 1\n[^]*LOBBY_SERVICE_HEARTBEAT_MS/);
  });
});

describe('a cluster', () => {
  it('has ports of its own, which no outgoing connection is given', async () => {
    await using cluster = await Cluster.prepare({});
    const ports = cluster.apps.flatMap(({ address, adminAddress }) => [address.port, adminAddress.port]);
    expect(new Set(ports).size).toBe(10);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('has several processes of an app, each with a name and ports of its own', async () => {
    const fleet = { 'app-front': 2, 'lobby-runner': 0, 'room-runner': 0 };
    await using cluster = await startCluster({ fleet });
    expect(cluster.apps.map(({ name }) => name)).toEqual([
      'lobby-master',
      'room-master',
      'app-front',
      'app-front-2',
    ]);
    const { items } = await cluster.app('room-master').admin<{ items: { node: string }[] }>('/peers');
    expect(new Set(items.map(({ node }) => node))).toEqual(new Set(['app-front', 'app-front-2']));
    expect(() => cluster.app('lobby-runner')).toThrow(expect.objectContaining({ code: 'misuse' }));
  });

  it('refuses what the state of an app does not allow', async () => {
    await using cluster = await Cluster.prepare({});
    const app = cluster.app('room-master');
    expect(() => app.exited).toThrow(expect.objectContaining({ code: 'misuse' }));
    app.start();
    expect(() => app.start()).toThrow(expect.objectContaining({ code: 'misuse' }));
  });

  it('ends a process that was stopped, and removes its directory', async () => {
    const cluster = await startCluster({ apps: ['room-master'] });
    const app = cluster.app('room-master');
    app.kill('SIGSTOP');
    await cluster[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(cluster.directory)).toBe(false);
  });

  it('leaves nothing when its starter is killed, not even a process that was stopped', async () => {
    const script = fileURLToPath(new URL('./fixtures/start-and-wait.ts', import.meta.url));
    const starter = spawn(process.execPath, ['--conditions=@lobby/source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {},
    });
    const [line] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
    const { pid, directory } = JSON.parse(line) as { pid: number; directory: string };
    expect([isAlive(pid), existsSync(directory)]).toEqual([true, true]);
    starter.kill('SIGKILL');
    await eventually('the app is gone', () => !isAlive(pid));
    await eventually('the directory is gone', () => !existsSync(directory));
  });
});

describe('eventually', () => {
  it('resolves with what was found', async () => {
    let looks = 0;
    expect(await eventually('three looks', () => ((looks += 1) === 3 ? 'found' : undefined))).toBe('found');
  });

  it('says what it waited for and why it was in vain', async () => {
    const look = (): never => {
      throw new Error('nothing there');
    };
    const error = await errorOf(eventually('a miracle', look, { withinMs: 30 }));
    expect(error.code).toBe('late');
    expect(error.message).toBe('not within 30 ms: a miracle: nothing there');
  });
});
