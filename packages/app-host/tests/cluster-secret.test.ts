/** The cluster's secret: where it comes from, when it is refused, and the race of first starts. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { clusterSecret, deriveKey } from '../src/cluster-secret.ts';
import { RunningProcess, temporaryDirectory } from './run-process.ts';

// Real processes on a busy machine: no test waits for time, this only ends one that hangs.
jest.setTimeout(60_000);

function config(dataDir: string) {
  const local = '127.0.0.1';
  return { secret: undefined, dataDir, host: local, advertiseHost: local, adminHost: local };
}

describe('clusterSecret', () => {
  it('is LOBBY_SECRET where that is set, and writes nothing', async () => {
    await using directory = await temporaryDirectory();
    const given = { ...config(directory.path), secret: 'a secret of the cluster', host: '10.0.0.1' };
    expect(await clusterSecret(given)).toBe('a secret of the cluster');
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('is made once on loopback and kept for its owner alone', async () => {
    await using directory = await temporaryDirectory();
    const dataDir = join(directory.path, 'data');
    const made = await clusterSecret(config(dataDir));
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(await clusterSecret(config(dataDir))).toBe(made);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['secret']);
  });

  it.each([
    ['LOBBY_HOST', { host: '0.0.0.0' }],
    ['LOBBY_ADVERTISE_HOST', { advertiseHost: 'lobby.example' }],
    ['LOBBY_ADMIN_HOST', { adminHost: '192.168.0.1' }],
    ['LOBBY_LOBBY_MASTER_URL', { lobbyMaster: { host: '10.0.0.2', port: 7100 } }],
    ['LOBBY_ROOM_MASTER_URL', { roomMaster: { host: 'master', port: 7200 } }],
  ])('refuses to do without one where %s is not loopback', async (name, change) => {
    await using directory = await temporaryDirectory();
    await expect(clusterSecret({ ...config(directory.path), ...change })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(new RegExp(`^LOBBY_SECRET is not set while ${name} .*is not loopback`)),
    });
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('names the file where the kept secret is too short, and the setting where the directory cannot be made', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'secret'), 'short\n');
    await expect(clusterSecret(config(directory.path))).rejects.toThrow(/secret holds 5 characters/);
    const dataDir = join(directory.path, 'secret', 'below-a-file');
    await expect(clusterSecret(config(dataDir))).rejects.toThrow(
      /^LOBBY_DATA_DIR is .*cannot be written \(ENOTDIR\)/,
    );
    await mkdir(join(directory.path, 'other', 'secret'), { recursive: true });
    await expect(clusterSecret(config(join(directory.path, 'other')))).rejects.toThrow(
      /cannot be read or made/,
    );
  });

  it('is the same for all processes that start at the same instant', async () => {
    await using directory = await temporaryDirectory();
    await using stack = new AsyncDisposableStack();
    const args = ['data'];
    const processes = Array.from({ length: 5 }, () =>
      stack.use(new RunningProcess('secret-race.ts', { cwd: directory.path, args })),
    );
    await Promise.all(processes.map((each) => each.line('waiting')));
    await writeFile(join(directory.path, 'go'), '');
    expect(await Promise.all(processes.map((each) => each.exitCode()))).toEqual([0, 0, 0, 0, 0]);
    const secrets = processes.map(({ lines }) =>
      lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('secret ')),
    );
    expect(secrets.every(({ length }) => length === 50)).toBe(true);
    expect(new Set(secrets.map((each) => each.join())).size).toBe(1);
    expect(new Set(secrets[0]).size).toBe(50);
    const files = await readdir(join(directory.path, 'data'), { recursive: true });
    expect(files.filter((file) => file.includes('secret.'))).toEqual([]);
  });
});

describe('deriveKey', () => {
  it('gives 32 bytes that depend on secret and purpose alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (secret, purpose, other) => {
        const key = deriveKey(secret, purpose);
        expect(key).toHaveLength(32);
        expect(deriveKey(secret, purpose)).toEqual(key);
        fc.pre(other !== purpose);
        expect(deriveKey(secret, other)).not.toEqual(key);
      }),
    );
  });
});
