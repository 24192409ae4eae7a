/** Whatever a program hands to the SDK: it is refused at once, nothing is sent, and the session goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LobbyClient } from '../src/index.ts';
import type { TestLobby } from '../src/testing/index.ts';
import { ClientWorld, HERE } from './client-world.ts';

const PROGRAM = fileURLToPath(new URL('fixtures/any-argument.ts', import.meta.url));
const RUNS = 150;
const WIDE = '\u{1f600}';
/** A filter of about 10 KiB: legal, and too large for whom nobody knows. */
const LARGE = {
  attributes: Object.fromEntries(
    Array.from({ length: 16 }, (_, nth) => [`${nth}`.padEnd(16, '.') + WIDE.repeat(16), WIDE.repeat(128)]),
  ),
};

let world: ClientWorld;
let server: TestLobby;

beforeEach(async () => {
  world = new ClientWorld();
  server = await world.lobby();
});

afterEach(async () => {
  await world.settled(server.stop());
});

describe('A26: any argument of any method', () => {
  it('is taken or refused by an error of the SDK, and no error is left uncaught', async () => {
    const program = spawn(process.execPath, ['--conditions=@lobby/source', PROGRAM, `${RUNS}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const output of [program.stdout, program.stderr])
      output.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(program, 'close')) as [number | null];
    expect([code, said]).toEqual([0, '']);
  }, 120_000);
});

describe('A26: a request', () => {
  it.each<[string, (client: LobbyClient) => Promise<unknown>]>([
    ['a key __proto__', (client) => client.rooms({ attributes: JSON.parse('{"__proto__":"a"}') as never })],
    ['half of a pair', (client) => client.createRoom({ title: '\ud800', capacity: 2 })],
    ['a Map', (client) => client.quick({ attributes: new Map() as never })],
    ['nothing', (client) => client.login(undefined as never)],
    ['a seat without a ticket', (client) => client.enter({ ...HERE } as never)],
    [
      'a seat without a port that there is',
      (client) => client.enter({ ...HERE, port: 70_000, ticket: 't' } as never),
    ],
  ])('with %s is refused as bad_request, ten times and more', async (_, ask) => {
    const ana = await world.user('ana');
    for (let count = 0; count < 12; count += 1)
      await expect(ask(ana)).rejects.toMatchObject({
        code: 'bad_request',
        outcome: 'refused',
        mayHaveRun: false,
      });
    expect(await world.settled(ana.rooms())).toMatchObject({ total: 0 });
  });

  it.each([
    { deadlineMs: 2_500.5 },
    { deadlineMs: Infinity },
    { deadlineMs: NaN },
    { deadlineMs: -1 },
    { deadlineMs: 2 ** 31 },
    { signal: {} as never },
    { deadline: 5 } as never,
  ])('with the option %p is refused as bad_option', async (options) => {
    const ana = await world.user('ana');
    await expect(ana.rooms({}, options)).rejects.toMatchObject({ name: 'ClientError', code: 'bad_option' });
    await expect(ana.logout(options)).rejects.toMatchObject({ name: 'ClientError', code: 'bad_option' });
    expect(await world.settled(ana.rooms())).toMatchObject({ total: 0 });
  });

  it('that is too large before a login is refused, and taken after it, until the user is gone again', async () => {
    const client = await world.connect();
    const tooLarge = { code: 'bad_request', outcome: 'refused' };
    const token = WIDE.repeat(3_000);
    await expect(client.login({ token })).rejects.toMatchObject(tooLarge);
    await expect(client.rooms(LARGE)).rejects.toMatchObject(tooLarge);
    const who = { name: 'ana', password: 'correct horse' };
    await world.settled(client.register(who));
    await world.settled(client.login(who));
    expect(await world.settled(client.rooms(LARGE))).toMatchObject({ total: 0 });
    const out = client.logout();
    await expect(client.rooms(LARGE)).rejects.toMatchObject(tooLarge);
    await world.settled(out);
    await expect(client.rooms(LARGE)).rejects.toMatchObject(tooLarge);
    expect(client.isOpen).toBe(true);
  });

  it('stays as large as before where the server was not asked for the logout', async () => {
    const ana = await world.user('ana');
    await expect(ana.logout({ signal: AbortSignal.abort() })).rejects.toMatchObject({ outcome: 'refused' });
    expect(await world.settled(ana.rooms(LARGE))).toMatchObject({ total: 0 });
  });
});

describe('A26: a handler', () => {
  it('that is none, and an event that there is not, are refused', async () => {
    const ana = await world.user('ana');
    const { seat } = await world.settled(ana.createRoom({ title: 'tea', capacity: 2 }));
    const member = await world.settled(ana.enter(seat));
    const bad: unknown = expect.objectContaining({ name: 'ClientError', code: 'bad_option' });
    expect(() => ana.onKickout(undefined as never)).toThrow(bad);
    expect(() => member.on('chat', {} as never)).toThrow(bad);
    expect(() => member.on('__proto__' as never, () => undefined)).toThrow(bad);
    expect(member.isOpen).toBe(true);
  });
});

describe('A26: an option of connecting', () => {
  it.each<[string, object]>([
    ...[2_500.5, NaN, Infinity, -1, 0, 2 ** 31, null].map((value): [string, object] => [
      `connectTimeoutMs: ${value}`,
      { connectTimeoutMs: value },
    ]),
    ['no host', { host: undefined }],
    ['a host that is no text', { host: {} }],
    ['half a pair in the agent', { agent: '\ud800' }],
    ['too long an agent', { agent: 'x'.repeat(129) }],
    ['TLS that is neither on nor off', { tls: 'on' }],
    ['no authority', { tls: { ca: 7 } }],
    ['a platform that is none', { platform: {} }],
    ['a clock that is none', { platform: { nextSessionKey: () => 1, clock: {} } }],
    ['a log that is none', { log: console.log }],
  ])('such as %s is refused before there is a connection', async (_, wrong) => {
    const connecting = LobbyClient.connect({ ...HERE, platform: world.platform, ...wrong });
    await expect(connecting).rejects.toMatchObject({ name: 'ClientError', code: 'bad_option' });
    expect(server.connections).toBe(0);
  });
});
