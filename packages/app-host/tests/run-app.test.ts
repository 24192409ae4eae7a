/** A whole process: how it starts, how it is told that it cannot, and how it ends. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { RunningProcess, temporaryDirectory } from './run-process.ts';

// Real processes on a busy machine: no test waits for time, this only ends one that hangs.
jest.setTimeout(60_000);

const anyPort = { LOBBY_LOBBY_MASTER_ADMIN_PORT: '0', LOBBY_LOG_FORMAT: 'json' };

async function run(env: Record<string, string>) {
  const stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const child = stack.use(
    new RunningProcess('small-app.ts', { cwd: directory.path, env: { ...anyPort, ...env } }),
  );
  return { child, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('runApp', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops in order on %s and exits with 0', async (signal) => {
    await using app = await run({});
    await app.child.line('ready');
    app.child.kill(signal);
    expect(await app.child.exitCode()).toBe(0);
    expect(app.child.lines.map(({ msg }) => msg)).toEqual([
      'store starts',
      'ready',
      'stopping',
      'store stops',
    ]);
    expect(app.child.errors).toBe('');
  });

  it('ends at once on a second signal when a part hangs', async () => {
    await using app = await run({ LOBBY_NODE: 'sturdy' });
    await app.child.line('ready');
    app.child.kill('SIGINT');
    await app.child.line('service hangs');
    // Again until one counts: the first ones are echoes.
    const again = setInterval(() => app.child.kill('SIGINT'), 50);
    expect(await app.child.exitCode()).toBe(1);
    clearInterval(again);
    expect(app.child.lines.at(-1)).toMatchObject({ msg: 'second signal: ending at once', part: 'service' });
  });

  it('F27: logs an uncaught error, stops its parts and exits with 1', async () => {
    await using app = await run({ LOBBY_NODE: 'crashing' });
    expect(await app.child.exitCode()).toBe(1);
    const messages = app.child.lines.map(({ msg }) => msg);
    expect(messages).toContain('uncaught error: ending');
    expect(messages.at(-1)).toBe('store stops');
  });

  it('names port and setting where another process has the port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await using app = await run({ LOBBY_LOBBY_MASTER_ADMIN_PORT: String(port) });
    expect(await app.child.exitCode()).toBe(1);
    taken.close();
    expect(app.child.errors).toBe(
      `lobby-master: port ${port} (LOBBY_LOBBY_MASTER_ADMIN_PORT) is taken by another process: ` +
        'stop it or set another port\n',
    );
  });

  it('tells every wrong setting at once, and no stack', async () => {
    await using app = await run({ LOBBY_LOBBY_MASTER_PORT: 'x', LOBBY_HOTS: 'y' });
    expect(await app.child.exitCode()).toBe(1);
    const lines = app.child.errors.split('\n');
    expect(lines[0]).toBe('lobby-master: 2 settings are wrong:');
    expect(lines).toHaveLength(4);
    expect(app.child.output).toBe('');
  });

  it('refuses to start beyond loopback without a secret', async () => {
    await using app = await run({ LOBBY_HOST: '0.0.0.0', LOBBY_ADVERTISE_HOST: 'lobby.example' });
    expect(await app.child.exitCode()).toBe(1);
    expect(app.child.errors).toMatch(
      /^lobby-master: LOBBY_SECRET is not set while LOBBY_HOST \(0\.0\.0\.0\).*\n$/,
    );
  });

  it('shows the stack of an error that nobody expected, after stopping what was started', async () => {
    await using app = await run({ LOBBY_NODE: 'broken' });
    expect(await app.child.exitCode()).toBe(1);
    expect(app.child.errors).toMatch(
      /^lobby-master: the start failed: RangeError: nobody expected this\n +at /,
    );
    expect(app.child.lines.map(({ msg }) => msg)).toEqual(['store starts', 'store stops']);
  });
});
