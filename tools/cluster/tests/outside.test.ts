/**
 * What lies outside the processes fails them: logs that cannot be written, an accounts file that another
 * process holds, strangers by hundreds. It costs what needs it, and nobody else notices.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Failure, LobbyClient } from '@lobby/client';
import { eventually, startCluster } from '../src/index.ts';
import type { AppName, AppProcess, Cluster, LogTarget } from '../src/index.ts';
import { freshName } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';
import { RawClient, bytesOf } from './raw-client.ts';

jest.setTimeout(120_000);

const FULL_DISK: LogTarget = { file: '/dev/full' };
/** A front and a master each with a log that is not read, and with one whose disk is full. */
const LOGS: readonly (readonly [AppName, LogTarget])[] = [
  ['lobby-master', 'nobody'],
  ['room-master', FULL_DISK],
  ['app-front', FULL_DISK],
  ['lobby-runner', 'nobody'],
];
const PASSWORD = 'correct horse';
/** In the log each of its characters takes six bytes. */
const LONG_FAREWELL = bytesOf({ topic: 3 }, { code: 'client_closed', message: '\u0001'.repeat(1_000) });
const AT_ONCE = 50;
/** On a machine that is busy with other things a round may come to nothing. */
const MOST_ROUNDS = 10;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ env: PLAYER_SETTINGS, apps: [] });
  for (const [name, logTo] of LOGS) cluster.app(name).start({ LOBBY_LOG_LEVEL: 'debug' }, logTo);
  cluster.app('room-runner').start({ LOBBY_HELLO_TIMEOUT_MS: '500', LOBBY_LOGIN_TIMEOUT_MS: '500' });
  await cluster.ready();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** The sum of a metric, over those of its labels that `label` is in. */
async function metric(app: AppProcess, name: string, label = ''): Promise<number> {
  const text = await app.admin<string>('/metrics');
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))));
  return values.reduce((sum, value) => sum + value, 0);
}

/** Strangers who come, say this, and are gone or ended. */
async function strangers(app: AppProcess, count: number, says: Uint8Array): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) {
    const few = await Promise.all(
      Array.from({ length: Math.min(left, AT_ONCE) }, () => RawClient.connect(app.address)),
    );
    for (const one of few) one.send(says);
    await Promise.all(few.map((one) => one.ended()));
  }
}

describe('A22: logs that nobody reads, or whose disk is full', () => {
  it.each(LOGS.map(([name]) => name))('cost %s lines, which it counts', async (name) => {
    const app = cluster.app(name);
    await eventually('lines are dropped', async () => {
      if ((await metric(app, 'lobby_log_lines_dropped_total')) > 0) return true;
      await strangers(app, AT_ONCE, LONG_FAREWELL);
      return false;
    });
  });

  it('cost no login, no chat and no answer to a probe', async () => {
    await using ana = await Player.at(cluster.app('app-front'));
    await using ben = await Player.at(cluster.app('lobby-runner'));
    const { seat } = await ana.createAt(cluster.app('app-front'), { title: freshName('unwritten') });
    await ana.enter(seat);
    await ben.join(seat.roomId);
    await ana.member.chat('still here');
    await ben.hears(`${ana.name}: still here`);
    await using eve = await LobbyClient.connect(cluster.app('lobby-runner').address);
    const credentials = { name: freshName('eve'), password: PASSWORD };
    await eve.register(credentials);
    await eve.login(credentials);
    for (const [name] of LOGS)
      expect(await cluster.app(name).ask({ path: '/livez' })).toMatchObject({ status: 200 });
  });
});

describe('A23: an accounts file that another process holds', () => {
  const front = (): AppProcess => cluster.app('app-front');

  /** What a call has come to: `done`, or the code of its failure. */
  const outcomeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    );

  /** Several log in by token while a registration waits for the file; whether it still does in the end. */
  async function loginsDuring(registration: Promise<string>): Promise<boolean> {
    let isWaiting = true;
    void registration.then(() => (isWaiting = false));
    for (let nth = 0; nth < 5; nth += 1) {
      await using user = await Player.at(front());
      expect(user.login.name).toBe(user.name);
    }
    expect(await cluster.app('lobby-master').ask({ path: '/livez' })).toMatchObject({ status: 200 });
    return isWaiting;
  }

  it('fails those who must write to it, in time; logins by token go on meanwhile, and all is well afterwards', async () => {
    const known = { name: freshName('known'), password: PASSWORD };
    await using early = await LobbyClient.connect(front().address);
    await early.register(known);
    await using newcomer = await LobbyClient.connect(front().address);
    const register = (name = freshName('newcomer')): Promise<string> =>
      outcomeOf(newcomer.register({ name, password: PASSWORD }));

    const other = new DatabaseSync(join(cluster.directory, 'accounts.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    let wereSooner = false;
    for (let rounds = 0; rounds < MOST_ROUNDS && !wereSooner; rounds += 1) {
      const registration = register();
      wereSooner = await loginsDuring(registration);
      expect(['backend_unavailable', 'deadline']).toContain(await registration);
    }
    // Would the event loop wait for the file, they would have waited with it.
    expect(wereSooner).toBe(true);
    // A look-up that waits behind a write waits as long, and then has its turn.
    const behind = [register(), outcomeOf(early.login(known))];
    expect(['done', 'deadline']).toContain(await behind[1]);
    await Promise.all(behind);
    other.exec('ROLLBACK');
    other.close();

    const name = freshName('newcomer');
    expect(await register(name)).toBe('done');
    expect(await newcomer.login({ name, password: PASSWORD })).toMatchObject({ name });
    await using again = await LobbyClient.connect(front().address);
    expect(await again.login(known)).toMatchObject({ name: known.name });
  });
});

describe('A24: strangers by hundreds', () => {
  const WAYS: Readonly<Record<string, Uint8Array>> = {
    bad_frame: Buffer.alloc(12),
    bad_version: bytesOf({ topic: 1 }, { v: 7 }),
    bad_hello: bytesOf({ topic: 9 }),
    hello_timeout: Buffer.alloc(0),
    login_timeout: bytesOf({ topic: 1 }, { v: 1 }),
  };
  const EACH = 100;

  it('cost a line a second for each reason, and every one is in a line', async () => {
    const app = cluster.app('room-runner');
    await Promise.all(Object.values(WAYS).map((says) => strangers(app, EACH, says)));
    const lines = () => app.log.find('session closed');
    const told = (code: string): number =>
      lines()
        .filter((line) => line['code'] === code)
        .reduce((sum, { more = 0 }) => sum + 1 + Number(more), 0);
    for (const code of Object.keys(WAYS)) {
      await eventually(`all ends by ${code} are told`, () => told(code) === EACH);
      expect(await metric(app, 'lobby_sessions_closed_total', `"${code}"`)).toBe(EACH);
    }
    const lastAt = new Map<unknown, number>();
    for (const { code, time } of lines()) {
      const at = Date.parse(String(time));
      // The log has the time of the wall, in whole milliseconds.
      expect(at - (lastAt.get(code) ?? -Infinity)).toBeGreaterThan(990);
      lastAt.set(code, at);
    }
  });
});

describe('A22: a process whose log cannot be written', () => {
  it.each(LOGS.map(([name]) => name))('ends when it is asked to, as %s', async (name) => {
    expect(await cluster.app(name).stop()).toEqual({ code: 0, signal: null });
  });
});
