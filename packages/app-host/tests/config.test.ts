/** The configuration: its sources, its faults, its rules. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError } from '../src/config-error.ts';
import { loadConfig } from '../src/config.ts';
import { AppHost } from '../src/app-host.ts';
import { ACCOUNT_SETTINGS, appSettings, FRONT_SETTINGS, MASTER_SETTINGS, settings } from '../src/settings.ts';
import { ClusterWiring } from '../src/wiring/cluster-wiring.ts';
import { recordedLog } from './recorded-log.ts';
import { temporaryDirectory } from './run-process.ts';

const master = appSettings('lobby-master', 'registration', 'tokenSecret', 'announceMs');
const accounts = appSettings('lobby-master', ...ACCOUNT_SETTINGS);
const front = appSettings('app-front', 'lobbyMaster', 'roomMaster');

function load(env: Record<string, string>) {
  return loadConfig(master, { app: 'lobby-master', env });
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('gives every setting its default, and the app its own name and ports', () => {
    expect(load({})).toEqual({
      host: '127.0.0.1',
      advertiseHost: '127.0.0.1',
      dataDir: '.lobby',
      drainMs: 10_000,
      secret: undefined,
      node: 'lobby-master',
      logLevel: 'info',
      logFormat: 'auto',
      adminHost: '127.0.0.1',
      adminToken: undefined,
      port: 7100,
      adminPort: 8100,
      registration: true,
      tokenSecret: undefined,
      announceMs: 5000,
    });
  });

  it('reads numbers, switches, words and addresses', () => {
    const config = load({ LOBBY_ANNOUNCE_MS: '250', LOBBY_REGISTRATION: 'off', LOBBY_LOG_LEVEL: 'debug' });
    expect([config.announceMs, config.registration, config.logLevel]).toEqual([250, false, 'debug']);
    const env = { LOBBY_LOBBY_MASTER_URL: '[::1]:7105', LOBBY_ROOM_MASTER_URL: 'back.example:1' };
    const { lobbyMaster, roomMaster } = loadConfig(front, { app: 'app-front', env });
    expect(lobbyMaster).toEqual({ host: '::1', port: 7105 });
    expect(roomMaster).toEqual({ host: 'back.example', port: 1 });
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(load({}))).toBe(true);
  });

  it('advertises the bound host unless told otherwise', () => {
    expect(load({ LOBBY_HOST: '10.0.0.7' }).advertiseHost).toBe('10.0.0.7');
    expect(load({ LOBBY_HOST: '::', LOBBY_ADVERTISE_HOST: 'lobby.example' }).advertiseHost).toBe(
      'lobby.example',
    );
  });

  it('takes an empty variable as not given', () => {
    expect(load({ LOBBY_ANNOUNCE_MS: '', LOBBY_SECRET: '' })).toMatchObject({
      announceMs: 5000,
      secret: undefined,
    });
  });

  it('lets the environment win over the file, and the file over the default', async () => {
    await using directory = await temporaryDirectory();
    const dotenvFile = join(directory.path, '.env');
    await writeFile(dotenvFile, '# comment\nLOBBY_NODE="from-file"\nLOBBY_ANNOUNCE_MS=111\nOTHER=1\n');
    const config = loadConfig(master, { app: 'lobby-master', env: { LOBBY_ANNOUNCE_MS: '222' }, dotenvFile });
    expect([config.node, config.announceMs]).toEqual(['from-file', 222]);
  });

  it('does without the file where there is none, and says so where it cannot be read', async () => {
    await using directory = await temporaryDirectory();
    const missing = join(directory.path, 'missing');
    expect(loadConfig(master, { app: 'lobby-master', env: {}, dotenvFile: missing }).port).toBe(7100);
    const load = () => loadConfig(master, { app: 'lobby-master', env: {}, dotenvFile: directory.path });
    expect(load).toThrow(/cannot be read \(EISDIR\): make it a readable file/);
  });

  it('tells every fault in one message, one line each, with what is expected and what to do', () => {
    const faults = faultsOf({
      LOBBY_LOBBY_MASTER_PORT: '70000',
      LOBBY_ANNOUNCE_MS: 'soon',
      LOBBY_LOG_LEVEL: 'loud',
      LOBBY_REGISTRATION: 'yes',
      LOBBY_ADMIN_HOST: '0.0.0.0',
      LOBBY_HOST: '0.0.0.0',
    });
    expect(faults).toHaveLength(6);
    expect(faults).toEqual(
      expect.arrayContaining([
        'LOBBY_ANNOUNCE_MS (environment) is "soon", expected a whole number of milliseconds from 1 to 2147483647: ' +
          'correct it or leave it out for 5000',
        'LOBBY_LOG_LEVEL (environment) is "loud", expected one of debug, info, warn, error: ' +
          'correct it or leave it out for info',
        expect.stringMatching(/^LOBBY_ADVERTISE_HOST .* while LOBBY_HOST is 0\.0\.0\.0, .*: set it to/),
        expect.stringMatching(
          /^LOBBY_ADMIN_TOKEN is not set while LOBBY_ADMIN_HOST is 0\.0\.0\.0, .*: set one/,
        ),
      ]),
    );
    expect(new ConfigError(['one', 'two']).message).toBe('2 settings are wrong:\n  one\n  two');
    for (const fault of faults) expect(fault).not.toContain('\n');
  });

  it('tells sets of TLS settings of which only a part is given', () => {
    const table = appSettings('app-front', ...FRONT_SETTINGS);
    const given = { LOBBY_TLS_KEY: 'server.key', LOBBY_SERVICE_TLS_CA: 'ca.crt' };
    const half = () => loadConfig(table, { app: 'app-front', env: given });
    expect(half).toThrow(
      expect.objectContaining({
        faults: [
          'LOBBY_TLS_CERT is not set while LOBBY_TLS_KEY is, expected all of LOBBY_TLS_CERT, LOBBY_TLS_KEY or none: ' +
            'set LOBBY_TLS_CERT too, or leave LOBBY_TLS_KEY out for plain TCP',
          'LOBBY_SERVICE_TLS_CERT and LOBBY_SERVICE_TLS_KEY are not set while LOBBY_SERVICE_TLS_CA is, ' +
            'expected all of LOBBY_SERVICE_TLS_CERT, LOBBY_SERVICE_TLS_KEY, LOBBY_SERVICE_TLS_CA or none: ' +
            'set LOBBY_SERVICE_TLS_CERT and LOBBY_SERVICE_TLS_KEY too, or leave LOBBY_SERVICE_TLS_CA out for plain TCP',
        ],
      }),
    );
    const whole = { ...given, LOBBY_TLS_CERT: 'a', LOBBY_SERVICE_TLS_CERT: 'b', LOBBY_SERVICE_TLS_KEY: 'c' };
    expect(loadConfig(table, { app: 'app-front', env: whole }).serviceTlsKey).toBe('c');
    expect(loadConfig(master, { app: 'lobby-master', env: { LOBBY_TLS_CERT: 'for fronts' } }).port).toBe(
      7100,
    );
  });

  it('A20: takes no secret below 32 bytes where others can reach the app, and says which setting it is', () => {
    const [short, long] = ['x'.repeat(31), 'é'.repeat(16)];
    const places = { LOBBY_HOST: '10.0.0.1', LOBBY_ADVERTISE_HOST: 'lobby.example' };
    for (const [name, host] of Object.entries(places)) {
      const [fault] = faultsOf({ [name]: host, LOBBY_SECRET: short });
      expect(fault).toMatch(/^LOBBY_SECRET has 31 bytes while .* is not loopback, expected at least 32/);
      expect(fault).not.toContain(short);
      expect(() => load({ [name]: host, LOBBY_SECRET: long })).not.toThrow();
    }
    const open = { LOBBY_ADMIN_HOST: '10.0.0.1', LOBBY_SECRET: long };
    expect(faultsOf({ ...open, LOBBY_ADMIN_TOKEN: short })).toEqual([
      expect.stringMatching(/^LOBBY_ADMIN_TOKEN has 31 bytes while LOBBY_ADMIN_HOST is 10\.0\.0\.1/),
    ]);
    expect(() => load({ ...open, LOBBY_ADMIN_TOKEN: 'x'.repeat(32) })).not.toThrow();
    expect(() => load({ LOBBY_SECRET: short, LOBBY_ADMIN_TOKEN: short })).not.toThrow();
  });

  it('A8: lets nobody register where an identity service issues tokens, unless that is said', () => {
    const LOBBY_TOKEN_SECRET = 'x'.repeat(32);
    expect(load({})).toMatchObject({ registration: true });
    expect(load({ LOBBY_TOKEN_SECRET })).toMatchObject({ registration: false });
    expect(load({ LOBBY_TOKEN_SECRET, LOBBY_REGISTRATION: 'on' })).toMatchObject({ registration: true });
    expect(load({ LOBBY_REGISTRATION: 'off' })).toMatchObject({ registration: false });
  });

  it('never shows a secret, however wrong it is', () => {
    const [fault] = faultsOf({ LOBBY_SECRET: 'hunter2' });
    expect(fault).toContain(
      'LOBBY_SECRET (environment) is 7 characters long, expected at least 16 characters',
    );
    expect(fault).not.toContain('hunter2');
  });

  it.each([
    'postgres://db.example.net/lobby',
    'postgresql://lobby@[::1]:5432/lobby?sslmode=verify-full',
    'postgres://lobby:p%40ss%2Fword@10.0.0.1:65535/lobby_1',
  ])('takes %s for the database of the accounts', (url) => {
    expect(loadConfig(accounts, { app: 'lobby-master', env: { LOBBY_ACCOUNTS_URL: url } })).toMatchObject({
      accountsUrl: url,
    });
  });

  it.each([
    'mysql://lobby:hunter2@db/lobby',
    'postgres://lobby:hunter2@db',
    'postgres://lobby:hunter2@/lobby',
    'postgres://lobby:hunter2@db:99999/lobby',
    'postgres://lobby:hunter2@home@db/lobby',
    'postgres://lobby:hunter2%zz@db/lobby',
    'lobby:hunter2@db/lobby',
  ])('refuses %s as the database of the accounts, and does not show it', (url) => {
    const load = () => loadConfig(accounts, { app: 'lobby-master', env: { LOBBY_ACCOUNTS_URL: url } });
    expect(load).toThrow(
      `LOBBY_ACCOUNTS_URL (environment) is ${url.length} characters long, expected ` +
        'postgres://user:password@host:port/database: correct it or leave it out',
    );
    expect(load).not.toThrow(/hunter2/);
  });

  it('knows the settings of the other apps, and tells a name that nobody knows with the nearest one', () => {
    expect(faultsOf({ LOBBY_ROOM_EMPTY_MS: '5', LOBBY_APP_FRONT_PORT: '0' })).toEqual([]);
    expect(faultsOf({ LOBBY_LOG_LEVL: 'info' })[0]).toMatch(
      /^LOBBY_LOG_LEVL .* did you mean LOBBY_LOG_LEVEL\?$/,
    );
    expect(faultsOf({ LOBBY_QQQQQQQQQQQQQQQQ: '1' })[0]).not.toContain('did you mean');
  });

  it('leaves alone what Kubernetes puts into a container for a Service of that name', () => {
    const env = {
      LOBBY_SERVICE_HOST: '10.0.0.1',
      LOBBY_SERVICE_PORT: '7000',
      LOBBY_SERVICE_PORT_GAME: '7000',
      LOBBY_PORT: 'tcp://10.0.0.1:7000',
      LOBBY_PORT_7000_TCP_ADDR: '10.0.0.1',
    };
    expect(faultsOf(env)).toEqual([]);
  });

  it('names the variable for any garbage in the place of a number', () => {
    const numbers = Object.values(settings).filter(({ schema }) => 'minimum' in schema);
    const garbage = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/^\d+$/.test(text));
    fc.assert(
      fc.property(fc.constantFrom(...numbers), garbage, (setting, written) => {
        const load = () => loadConfig({ it: setting }, { app: 'any', env: { [setting.env]: written } });
        expect(load).toThrow(new RegExp(`^${setting.env} \\(environment\\) is .*, expected a whole number`));
      }),
    );
  });

  it.each([
    ['LOBBY_ADMIN_TOKEN', 'a token of the operators'],
    ['LOBBY_ADMIN_TOKEN', 'ein-Schlüssel-für-alle'],
    ['LOBBY_ADMIN_TOKEN', 'too-short'],
    ['LOBBY_ADMIN_TOKEN', 'with-a-line-break\nin-it'],
    ['LOBBY_TOKEN_LIFETIME_MS', '500'],
  ])('A29: refuses %s by its name where it is %j', (name, written) => {
    const load = () => loadConfig(accounts, { app: 'lobby-master', env: { [name]: written } });
    expect(load).toThrow(expect.objectContaining({ faults: [expect.stringContaining(`${name} `)] }));
    if (/TOKEN$/.test(name)) expect(load).not.toThrow(new RegExp(written));
  });

  it('A29: whatever number a setting allows, ports and links can be made with', async () => {
    const table = appSettings('app-front', 'lobbyMaster', ...FRONT_SETTINGS, ...MASTER_SETTINGS);
    const ranged = Object.values(table).filter(({ schema }) => 'minimum' in schema);
    expect(ranged.length).toBeGreaterThan(10);
    for (const { env, schema } of ranged) {
      const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
      for (const written of [minimum, maximum]) {
        const given = { LOBBY_SECRET: 'x'.repeat(32), [env]: String(written) };
        const config = loadConfig(table, { app: 'app-front', env: given });
        const { log } = recordedLog();
        const wiring = await ClusterWiring.of(new AppHost({ app: 'app-front', version: '1', config, log }));
        expect(() => wiring.clientPort()).not.toThrow();
        expect(() => wiring.servicePort()).not.toThrow();
        expect(() => wiring.link('lobby-master', config.lobbyMaster)).not.toThrow();
      }
    }
  });

  it('takes exactly the whole numbers of a range', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), (port) => {
        const faulty = faultsOf({ LOBBY_LOBBY_MASTER_PORT: String(port) }).length > 0;
        expect(faulty).toBe(port < 0 || port > 65535);
      }),
    );
  });
});
