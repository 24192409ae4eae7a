/** What a person is told when an app can't start: one line that says what is wrong and what to do. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { APPS, startCluster } from '../src/index.ts';
import type { AppName, Cluster, Settings } from '../src/index.ts';
import { holding } from './holding-ports.ts';

jest.setTimeout(60_000);

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ apps: [] });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** The one line that an app ends with which does not start. */
async function faultOf(name: AppName, settings: Settings = {}): Promise<string> {
  const app = cluster.app(name);
  app.start(settings);
  const exit = await app.exited;
  const lines = app.log.errors.split('\n');
  expect({ exit, rest: lines.slice(1) }).toEqual({ exit: { code: 1, signal: null }, rest: [''] });
  expect(lines[0]).toMatch(new RegExp(`^${name}: `));
  return lines[0] ?? '';
}

describe('an app does not start, ends with 1 and says in one line', () => {
  it('which port is taken, and which setting moves it', async () => {
    const { port } = cluster.app('lobby-master').address;
    const { port: adminPort } = cluster.app('room-master').adminAddress;
    await using _taken = await holding(port, adminPort);
    const told = await Promise.all([faultOf('lobby-master'), faultOf('room-master')]);
    const rest = 'is taken by another process: stop it or set another port';
    expect(told).toEqual([
      `lobby-master: port ${port} (LOBBY_LOBBY_MASTER_PORT) ${rest}`,
      `room-master: port ${adminPort} (LOBBY_ROOM_MASTER_ADMIN_PORT) ${rest}`,
    ]);
  });

  it('which value is wrong, and what it may be', async () => {
    const settings = { LOBBY_SERVICE_HEARTBEAT_MS: 'soon' };
    const told = await Promise.all(APPS.map((name) => faultOf(name, settings)));
    const rest =
      'LOBBY_SERVICE_HEARTBEAT_MS (environment) is "soon", expected a whole number of milliseconds from 1 to ' +
      '2147483647: correct it or leave it out for 2000';
    expect(told).toEqual(APPS.map((name) => `${name}: ${rest}`));
  });

  it.each<readonly [string, AppName, Settings, RegExp]>([
    [
      'that the secret is missing where others can reach it',
      'room-runner',
      { LOBBY_HOST: '0.0.0.0', LOBBY_ADVERTISE_HOST: '127.0.0.1' },
      /LOBBY_SECRET is not set while LOBBY_HOST \(0\.0\.0\.0\) is not loopback, .*: make one with/,
    ],
    [
      'that nobody can connect to a wildcard',
      'lobby-runner',
      { LOBBY_HOST: '0.0.0.0', LOBBY_SECRET: 'thirty-two and some more characters' },
      /LOBBY_ADVERTISE_HOST is "0\.0\.0\.0" while LOBBY_HOST is 0\.0\.0\.0, .*: set it to/,
    ],
    [
      'that the admin endpoint needs a token where others can reach it',
      'room-master',
      { LOBBY_ADMIN_HOST: '0.0.0.0', LOBBY_SECRET: 'thirty-two and some more characters' },
      /LOBBY_ADMIN_TOKEN is not set while LOBBY_ADMIN_HOST is 0\.0\.0\.0, .*: set one, .*or bind/,
    ],
    [
      'that a setting is not known, and which one was meant',
      'app-front',
      { LOBBY_ROOM_EMTY_MS: '5' },
      /LOBBY_ROOM_EMTY_MS \(environment\) is not a setting, .*did you mean LOBBY_ROOM_EMPTY_MS\?/,
    ],
    [
      'that a certificate has no key',
      'app-front',
      { LOBBY_TLS_CERT: 'server.crt' },
      /LOBBY_TLS_KEY is not set while LOBBY_TLS_CERT is, .*: set LOBBY_TLS_KEY too, or leave/,
    ],
    [
      'that a certificate for clients cannot be read',
      'lobby-runner',
      { LOBBY_TLS_CERT: 'missing.crt', LOBBY_TLS_KEY: 'missing.key' },
      /LOBBY_TLS_CERT is \/.*\/missing\.crt, which cannot be read \(ENOENT\), .*: correct the path/,
    ],
    [
      'that a certificate for services cannot be read',
      'room-master',
      {
        LOBBY_SERVICE_TLS_CERT: 'missing.crt',
        LOBBY_SERVICE_TLS_KEY: 'missing.key',
        LOBBY_SERVICE_TLS_CA: 'missing-ca.crt',
      },
      /LOBBY_SERVICE_TLS_CERT is \/.*\/missing\.crt, which cannot be read \(ENOENT\)/,
    ],
    [
      'that a host is not of this machine',
      'room-runner',
      { LOBBY_HOST: '192.0.2.1', LOBBY_SECRET: 'thirty-two and some more characters' },
      /host 192\.0\.2\.1 \(LOBBY_HOST\) is not an address of this machine: set one that is/,
    ],
  ])('%s', async (_, name, settings, told) => {
    const line = await faultOf(name, settings);
    expect(line).toMatch(told);
  });

  it('that the data directory is a file', async () => {
    const file = join(cluster.directory, 'in-the-way');
    await writeFile(file, 'not a directory');
    const told = await Promise.all([
      faultOf('app-front', { LOBBY_DATA_DIR: file }),
      faultOf('lobby-master', { LOBBY_DATA_DIR: join(file, 'below') }),
    ]);
    expect(told[0]).toContain(`LOBBY_DATA_DIR is ${file}, which cannot be written`);
    expect(told[1]).toContain(`LOBBY_DATA_DIR is ${join(file, 'below')}, which cannot be written`);
    for (const line of told)
      expect(line).toMatch(/: set another one, or give this one to the user that runs the app$/);
  });

  it.each<readonly [string, (file: string) => Promise<unknown>]>([
    ['a directory', (file) => mkdir(file)],
    [
      'no database',
      (file) => writeFile(file, 'certainly not a database, but long enough to look like one'.repeat(9)),
    ],
  ])('that the file of the accounts is %s', async (_, make) => {
    const directory = join(cluster.directory, 'broken');
    const file = join(directory, 'accounts.sqlite');
    await mkdir(directory);
    await make(file);
    try {
      const line = await faultOf('lobby-master', { LOBBY_DATA_DIR: directory });
      expect(line).toContain(file);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('that a secret which is kept is too short', async () => {
    const directory = join(cluster.directory, 'short');
    await mkdir(directory);
    await writeFile(join(directory, 'secret'), 'short\n');
    const line = await faultOf('room-master', { LOBBY_DATA_DIR: directory });
    expect(line).toContain(`${join(directory, 'secret')} holds 5 characters, expected at least 16`);
    await rm(directory, { recursive: true });
  });
});
