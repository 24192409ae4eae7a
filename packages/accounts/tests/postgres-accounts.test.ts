/**
 * PostgreSQL keeps the contract of accounts, also with several processes, and over the loss of its server.
 * What the tables hold is in `postgres-store.test.ts`.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPostgresAccounts } from '../src/index.ts';
import type { Accounts } from '../src/index.ts';
import { AccountProcesses } from './account-processes.ts';
import { accountsContract } from './accounts-contract.ts';
import { cheapHasher } from './fast-hashing.ts';
import { failureOf, outcomesOf } from './outcomes.ts';
import { PostgresServer, SERVER_PASSWORD } from './postgres-server.ts';

const PASSWORD = 'correct horse';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.create();
});

afterAll(() => server.remove());

accountsContract('a PostgreSQL database', async () => {
  const url = await server.createSchema();
  return { open: (hasher) => openPostgresAccounts({ url, hasher }), remove: async () => {} };
});

function open(url: string, options: { poolSize?: number; statementTimeoutMs?: number } = {}) {
  return openPostgresAccounts({ url, hasher: cheapHasher(), ...options });
}

describe('openPostgresAccounts', () => {
  it.each([
    ['an option that it does not know', { file: 'x' }],
    ['an empty pool', { poolSize: 0 }],
    ['a time to connect that is not a number', { connectTimeoutMs: NaN }],
    ['a time for statements below one', { statementTimeoutMs: 0 }],
  ])('refuses %s', async (_, wrong) => {
    const opening = openPostgresAccounts({ url: server.urlOf('postgres'), hasher: cheapHasher(), ...wrong });
    await expect(opening).rejects.toMatchObject({ code: 'bad_request' });
  });

  it.each<[string, (password: string) => string]>([
    ['is of something else', (password) => `mysql://lobby:${password}@127.0.0.1/lobby`],
    ['has no host', (password) => `postgres:///lobby?password=${password}`],
    ['has no database', (password) => `postgres://lobby:${password}@127.0.0.1`],
    ['has a port that is none', (password) => `postgres://lobby:${password}@127.0.0.1:99999/lobby`],
    ['is encoded wrongly', (password) => `postgres://lobby:${password}%zz@127.0.0.1/lobby`],
    ['is no URL', (password) => password],
  ])('refuses a URL that %s, and does not repeat it', async (_, urlWith) => {
    const error = await failureOf(open(urlWith('do-not-tell')));
    expect(error).toMatchObject({ code: 'bad_request', message: expect.stringMatching(/give postgres:/) });
    expect(inspect(error, { depth: 5, showHidden: true })).not.toContain('do-not-tell');
  });

  it.each<[string, () => string, RegExp]>([
    ['the password is wrong', () => server.urlOf('postgres', 'do-not-tell'), /Check the user, the password/],
    ['the database is missing', () => server.urlOf('nowhere'), /"nowhere" does not exist.*Check the user/],
    [
      'nobody listens',
      () => `postgres://lobby:do-not-tell@127.0.0.1:1/x`,
      /ECONNREFUSED.*Check that it runs/,
    ],
    [
      'a certificate is missing',
      () => `${server.urlOf('postgres')}?sslrootcert=/nowhere/ca.pem`,
      /ENOENT.*ca\.pem/,
    ],
  ])('says as storage that %s, where, and never with what password', async (_, url, told) => {
    const error = await failureOf(open(url()));
    expect(error).toMatchObject({ name: 'AccountError', code: 'storage' });
    expect(String(error)).toMatch(/The accounts database postgres:\/\/lobby@127\.0\.0\.1:\d+\/\w+ failed: /);
    expect(String(error)).toMatch(told);
    const shown = inspect(error, { depth: 5, showHidden: true });
    expect(shown).not.toContain('do-not-tell');
    expect(shown).not.toContain(SERVER_PASSWORD);
  });

  it('gives a server up that takes the connection and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `postgres://lobby@127.0.0.1:${(silent.address() as AddressInfo).port}/lobby`;
    try {
      const opening = openPostgresAccounts({ url, hasher: cheapHasher(), connectTimeoutMs: 50 });
      await expect(opening).rejects.toMatchObject({ code: 'storage' });
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
      await once(silent, 'close');
    }
  });
});

describe('several masters on one PostgreSQL database', () => {
  let url: string;
  let processes: AccountProcesses;

  beforeEach(async () => {
    url = await server.createSchema();
    processes = new AccountProcesses();
  });

  afterEach(() => processes.kill());

  it('all make the tables at once, each step once', async () => {
    const opened = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    for (const accounts of opened) await accounts.close();
    const steps = await server.query(url, 'SELECT version FROM lobby_schema_version');
    expect(steps).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }, { version: 4 }]);
    expect(await server.query(url, 'SELECT value FROM lobby_counter')).toEqual([{ value: '0' }]);
  });

  it('start as processes at once, and exactly one of them gets the name', async () => {
    const outcomes = await processes.race(4, { task: 'registerOne', storage: url, argument: 'Ana' });
    expect(outcomes.flat().toSorted()).toEqual(['name_taken', 'name_taken', 'name_taken', 'won']);
  });

  it('never take the same incarnation, and each sees its own rise', async () => {
    const outcomes = await processes.race(4, { task: 'takeIncarnations', storage: url });
    const counted = outcomes.map((lines) => lines.map(Number));
    for (const own of counted) expect(own).toEqual(own.toSorted((a, b) => a - b));
    const expected = Array.from({ length: 80 }, (_, index) => index + 1);
    expect(counted.flat().toSorted((a, b) => a - b)).toEqual(expected);
  });

  it('find each what the other has registered', async () => {
    await using first = await open(url);
    await using second = await open(url);
    const ana = await first.register('Ana', PASSWORD);
    await expect(second.verify('ANA', PASSWORD)).resolves.toEqual(ana);
  });
});

describe('a PostgreSQL server that goes away', () => {
  let url: string;
  let accounts: Accounts;

  beforeEach(async () => {
    url = await server.createSchema();
    accounts = await open(url);
  });

  afterEach(() => accounts.close());

  const usesOf = () => [
    accounts.register('Bo', PASSWORD),
    accounts.verify('Ana', PASSWORD),
    accounts.nextIncarnation(),
  ];

  it('makes calls reject as storage meanwhile, and is used again when it is back', async () => {
    const ana = await accounts.register('Ana', PASSWORD);
    await accounts.nextIncarnation();
    await server.kill();
    try {
      expect(await outcomesOf(usesOf())).toEqual(['storage', 'storage', 'storage']);
      await expect(open(url)).rejects.toMatchObject({ code: 'storage' });
    } finally {
      await server.start();
    }
    await expect(accounts.verify('Ana', PASSWORD)).resolves.toEqual(ana);
    await expect(accounts.nextIncarnation()).resolves.toBe(2);
    await expect(accounts.register('Bo', PASSWORD)).resolves.toMatchObject({ name: 'Bo' });
  });

  it('costs nothing when it was back before the next call', async () => {
    const ana = await accounts.register('Ana', PASSWORD);
    await server.kill();
    await server.start();
    await expect(accounts.verify('Ana', PASSWORD)).resolves.toEqual(ana);
  });

  it('can be closed while it is away', async () => {
    await server.kill();
    try {
      await expect(accounts.close()).resolves.toBeUndefined();
      expect(await outcomesOf(usesOf())).toEqual(['storage', 'storage', 'storage']);
    } finally {
      await server.start();
    }
  });
});
