/** Fronts and masters that die and come back: who is logged in is what the fronts say, at once and again. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Recovery } from '@lobby/discovery';
import { auth, service } from '@lobby/protocol';
import { LOBBY_MASTER, LobbyWorld, RECOVERY_MS } from './harness/lobby-world.ts';
import { tokenOf } from './harness/memory-accounts.ts';
import { RawFront, record } from './harness/raw-front.ts';

let world: LobbyWorld;

beforeEach(async () => {
  world = await LobbyWorld.start();
});

function settled<T>(promise: Promise<T>): Promise<T> {
  return world.cluster.settled(promise);
}

function epochOf(row: string | undefined): number {
  return Number(row?.split(' ').at(-1));
}

describe('F4: a front that dies', () => {
  it('takes its users out of the book at once, and nobody else', async () => {
    await world.user('ana', 0);
    await world.user('ben', 1);
    world.front(0).node.kill();
    await world.clock.settle();
    expect(world.book).toEqual([expect.stringMatching(/^ben/)]);
  });

  it('leaves no timer to a lobby-master that has stopped', async () => {
    await world.user('ana', 0);
    world.front(0).node.kill();
    await world.clock.settle();
    const before = world.clock.timers;
    const { part } = world.master.service;
    for (let times = 0; times < 2; times += 1) await part.stop();
    // That of the clearing away, and that of the logins of late.
    expect(world.clock.timers).toBe(before - 2);
  });

  it('keeps nobody from logging in elsewhere', async () => {
    await world.user('ana', 0);
    world.front(0).node.kill();
    const again = await world.client(1);
    await expect(settled(world.login(again, 'ana'))).resolves.toMatchObject({ name: 'ana' });
    expect(world.book).toEqual(world.tables);
  });

  it('in the middle of a login leaves no login behind', async () => {
    await world.accounts.register('ana', 'correct horse');
    const { promise: hashed, resolve } = Promise.withResolvers<void>();
    world.accounts.before = () => hashed;
    const client = await world.client(0);
    client.call(auth.reqLogin, { name: 'ana', password: 'correct horse' }).catch(() => undefined);
    await world.clock.settle();
    world.front(0).node.kill();
    await world.clock.settle();
    resolve();
    await world.clock.settle();
    expect(world.book).toEqual([]);
  });

  it('in the middle of a login puts out nobody who has logged in elsewhere since', async () => {
    await world.accounts.register('ana', 'correct horse');
    const { promise: hashed, resolve } = Promise.withResolvers<void>();
    world.accounts.before = () => hashed;
    const client = await world.client(0);
    client.call(auth.reqLogin, { name: 'ana', password: 'correct horse' }).catch(() => undefined);
    await world.clock.settle();
    world.front(0).node.kill();
    const newer = await world.user('ana', 1);
    resolve();
    await world.clock.settle();
    expect(newer.ended).toBeUndefined();
    expect(world.book).toEqual(world.tables);
    expect(world.book).toHaveLength(1);
  });
});

describe('F1: a lobby-master that is away', () => {
  it('makes a login fail at once, and leaves those who are logged in alone', async () => {
    const ana = await world.user('ana');
    const ben = await world.client();
    world.master.node.kill();
    await world.clock.settle();
    await expect(settled(world.login(ben, 'ben'))).rejects.toMatchObject({
      code: 'backend_unavailable',
      mayHaveRun: false,
    });
    const registering = ben.call(auth.reqRegister, { name: 'ben', password: 'correct horse' });
    await expect(settled(registering)).rejects.toMatchObject({ code: 'backend_unavailable' });
    await world.clock.advance(60_000);
    expect(ana.ended).toBeUndefined();
    expect(world.tables).toEqual([expect.stringMatching(/^ana/)]);
    expect(world.front(0).runner.reasons).toEqual([expect.stringMatching(/^lobby-master is connecting/)]);
  });

  it('makes a login that waits for it fail with mayHaveRun, at once', async () => {
    world.accounts.before = () => new Promise(() => undefined);
    const client = await world.client();
    const login = client.call(auth.reqLogin, { name: 'ana', password: 'correct horse' });
    login.catch(() => undefined);
    await world.clock.settle();
    world.master.node.kill();
    await expect(settled(login)).rejects.toMatchObject({ code: 'backend_unavailable', mayHaveRun: true });
  });

  it('does not learn of a logout meanwhile, and does not need to', async () => {
    const ana = await world.user('ana');
    await world.user('ben');
    world.master.node.kill();
    await world.clock.settle();
    await settled(ana.call(auth.reqLogout, {}));
    await world.restartMaster();
    expect(world.book).toEqual([expect.stringMatching(/^ben/)]);
    expect(world.book).toEqual(world.tables);
  });
});

describe('a lobby-master that comes back without a memory', () => {
  it('learns from the fronts who is logged in', async () => {
    for (const name of ['ana', 'ben', 'cleo']) await world.user(name, name === 'ben' ? 1 : 0);
    const before = world.book;
    await world.restartMaster();
    expect(world.book).toEqual(before);
    for (const { runner } of world.fronts) expect(runner.reasons).toEqual([]);
  });

  it('learns more users than fit into one page', async () => {
    const names = Array.from({ length: 1_001 }, (_, nth) => `user-${nth}`);
    const clients = await Promise.all(names.map(() => world.client()));
    await settled(Promise.all(clients.map((client, nth) => world.login(client, names[nth] ?? ''))));
    await world.restartMaster();
    expect(world.master.service.size).toBe(names.length);
    expect(world.book).toEqual(world.tables);
  });

  it('goes on with larger epochs', async () => {
    await world.user('ana');
    const [before] = world.book;
    await world.restartMaster();
    await world.user('ben');
    expect(epochOf(world.book[1])).toBeGreaterThan(epochOf(before));
  });

  it('goes on above the epochs that the fronts hold, even where its storage has lost count', async () => {
    const raw = await RawFront.connect(world.cluster);
    await settled(raw.inventory(record('ana', 2 ** 40, 1)));
    await world.user('ben');
    expect(epochOf(world.book.find((row) => row.startsWith('ben')))).toBeGreaterThan(2 ** 40);
  });

  it('puts out whoever logged in before, where the user has logged in again meanwhile', async () => {
    const older = await world.user('ana', 0);
    world.master.node.kill();
    await world.clock.settle();
    await world.startMaster();
    const raw = await RawFront.connect(world.cluster);
    await settled(raw.link.call(auth.reqLoginF2b, { token: tokenOf('ana'), session: 1 }));
    await world.clock.advance(RECOVERY_MS);
    expect(older.messages(auth.synKickout)).toMatchObject([{ code: 'logged_in_elsewhere' }]);
    expect(raw.kicks).toEqual([]);
    expect(world.book).toEqual([expect.stringContaining('raw/1')]);
  });
});

describe('two claims to one user', () => {
  it.each<[string, number, number]>([
    ['the newer one is told first', 9, 5],
    ['the newer one is told last', 5, 9],
  ])('leave the newer login, and the older is kicked, where %s', async (_, first, second) => {
    const one = await RawFront.connect(world.cluster, 'one');
    const two = await RawFront.connect(world.cluster, 'two');
    await settled(one.inventory(record('ana', first, 1)));
    await settled(two.inventory(record('ana', second, 2)));
    const [loser, winner] = first < second ? [one, two] : [two, one];
    expect(loser.kicks).toMatchObject([{ name: 'ana', epoch: 5, code: 'logged_in_elsewhere' }]);
    expect(winner.kicks).toEqual([]);
    expect(world.book.map(epochOf)).toEqual([9]);
  });

  it.each<[string, number[]]>([
    ['the newer one first', [9, 5]],
    ['the newer one last', [5, 9]],
  ])('by one front leave the newer login too, told %s', async (_, epochs) => {
    const raw = await RawFront.connect(world.cluster);
    await settled(raw.inventory(...epochs.map((epoch) => record('ana', epoch, epoch))));
    expect(raw.kicks).toMatchObject([{ name: 'ana', epoch: 5, session: 5 }]);
    expect(world.book).toEqual(['ana on raw/9 as 9']);
  });
});

describe('F5: a login whose front was away when the user logged in elsewhere', () => {
  async function superseded(): Promise<{ away: RawFront; newer: RawFront }> {
    const away = await RawFront.connect(world.cluster, 'away');
    const newer = await RawFront.connect(world.cluster, 'newer');
    await settled(away.inventory(record('ana', 5, 1)));
    away.link.session?.close('superseded', 'a test');
    await settled(newer.inventory(record('ana', 9, 2)));
    await world.clock.settle();
    return { away, newer };
  }

  it.each<[string, (newer: RawFront) => unknown]>([
    ['has logged out', ({ link }) => link.send(auth.synLogoutF2b, { name: 'ana', epoch: 9 })],
    ['has lost that front', ({ link }) => settled(link.stop())],
  ])('is put out when the front is back, although the newer one %s', async (_, end) => {
    const { away, newer } = await superseded();
    await end(newer);
    await world.clock.advance(RECOVERY_MS);
    expect(world.book).toEqual([]);
    await settled(away.inventory(record('ana', 5, 1)));
    expect(away.kicks).toMatchObject([{ name: 'ana', epoch: 5, code: 'logged_in_elsewhere' }]);
    expect(world.book).toEqual([]);
  });

  it('A15: is put out in the very step in which the newer one has lost its front, before that is cleared away', async () => {
    const { away, newer } = await superseded();
    await world.clock.advance(RECOVERY_MS);
    newer.link.session?.close('superseded', 'a test');
    // No timer runs meanwhile, and what is cleared away waits for one.
    await settled(away.inventory(record('ana', 5, 1)));
    expect(away.kicks).toMatchObject([{ name: 'ana', epoch: 5, code: 'logged_in_elsewhere' }]);
    expect(world.book).toEqual([]);
  });

  it('and the newest is taken back where its own link was lost', async () => {
    const { newer } = await superseded();
    newer.link.session?.close('superseded', 'a test');
    await world.clock.advance(RECOVERY_MS);
    await settled(newer.inventory(record('ana', 9, 2)));
    expect(newer.kicks).toEqual([]);
    expect(world.book.map(epochOf)).toEqual([9]);
  });
});

describe('an inventory', () => {
  it('that is told again changes nothing, and nobody is kicked', async () => {
    const raw = await RawFront.connect(world.cluster);
    const users = [record('ana', 5, 1), record('ben', 6, 2)];
    await settled(raw.inventory(...users));
    const before = world.book;
    await settled(raw.inventory(...users));
    expect(world.book).toEqual(before);
    expect(raw.kicks).toEqual([]);
  });

  it('brings no login back that the operator put out while its front was away, and every later one', async () => {
    const ana = await world.user('ana', 0);
    const ben = await world.user('ben', 0);
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.settle();
    await settled(world.master.service.kick('ana'));
    await world.clock.advance(RECOVERY_MS);
    expect(ana.messages(auth.synKickout)).toMatchObject([{ code: 'kicked' }]);
    expect(ana.topics.at(-1)).toBe('net.bye');
    expect(ben.messages(auth.synKickout)).toEqual([]);
    expect(world.book).toEqual([expect.stringMatching(/^ben/)]);
    await world.accounts.register('ana', 'correct horse');
    const back = await world.client(0);
    await settled(back.call(auth.reqLogin, { name: 'ana', password: 'correct horse' }));
    await world.restartMaster();
    expect(world.book).toHaveLength(2);
  });

  it('puts nobody out whose kick failed because the storage was away', async () => {
    const ana = await world.user('ana', 0);
    world.accounts.broken = true;
    await expect(settled(world.master.service.kick('ana'))).rejects.toMatchObject({ code: 'storage' });
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.advance(RECOVERY_MS);
    expect(ana.ended).toBeUndefined();
    expect(world.book).toEqual([expect.stringMatching(/^ana/)]);
  });

  it('does not put out a login of after a kick, even where the storage has lost count of the starts', async () => {
    await world.accounts.voidTokens({ key: 'ana', epoch: 10 * 2 ** 32 + 8, atMs: 0 });
    await world.restartMaster();
    await world.accounts.register('ana', 'correct horse');
    const ana = await world.client(0);
    await settled(ana.call(auth.reqLogin, { name: 'ana', password: 'correct horse' }));
    world.front(0).lobbyMaster.session?.close('superseded', 'a test');
    await world.clock.advance(RECOVERY_MS);
    expect(ana.ended).toBeUndefined();
    expect(world.book.map(epochOf)).toEqual([10 * 2 ** 32 + 9]);
  });

  it('does not bring back a login whose end was told right after it', async () => {
    const raw = await RawFront.connect(world.cluster);
    const inventory = raw.inventory(record('ana', 5, 1), record('ben', 6, 2), record('cleo', 7, 3));
    for (const [name, epoch] of [
      ['ana', 5],
      ['ben', 6],
      ['cleo', 7],
    ] as const)
      raw.link.send(auth.synLogoutF2b, { name, epoch });
    await settled(inventory);
    expect(world.book).toEqual([]);
  });

  it('of a front that is gone before it is taken brings nobody back', async () => {
    const silent = await RawFront.connect(world.cluster, 'silent');
    await settled(silent.inventory(record('ana', 1, 1)));
    silent.answer = () => new Promise(() => undefined);
    const raw = await RawFront.connect(world.cluster);
    raw.inventory(record('ana', 5, 1), record('ben', 6, 2)).catch(() => undefined);
    await world.clock.settle();
    await settled(raw.link.stop());
    await world.clock.advance(10_000);
    expect(world.book).toEqual([]);
  });

  it('is told again a second later where the master did not take it', async () => {
    world.front(1).node.kill();
    const { runner } = world.front(0);
    world.master.node.kill();
    await world.clock.settle();
    const node = world.cluster.node('lobby-master');
    const port = node.servicePort(LOBBY_MASTER);
    port.sub(service.synLobbyRunnerUp, (session) => {
      session.send(service.synLobbyMasterUp, { ...node.identity, version: '1', load: {}, draining: false });
    });
    const askedAt: number[] = [];
    port.answer(auth.reqInventoryF2b, () => {
      if (askedAt.push(world.clock.now()) < 3) throw new Error('not yet');
      return {};
    });
    await port.start();
    await world.clock.advance(5_000);
    expect(askedAt.map((at) => at - (askedAt[0] ?? 0))).toEqual([0, 1_000, 2_000]);
    expect(runner.reasons).toEqual([]);
  });
});

describe('the recovery of a lobby-master', () => {
  it('is over when its fronts have told whom they serve and the window has passed; logins work all the while', async () => {
    const world = await LobbyWorld.start({ fronts: 2 });
    await world.user('ana', 0);
    world.master.node.kill();
    await world.clock.settle();
    const { service } = await world.startMaster();
    const recovery = service.fronts.recovery as Recovery;
    await world.clock.advance(RECOVERY_MS - 1);
    expect(recovery.reasons).toEqual([expect.stringMatching(/^recovering: /)]);
    expect(recovery.status.fronts).toEqual([
      expect.objectContaining({ node: 'lobby-runner-1', reported: true, held: { users: 1 } }),
      expect.objectContaining({ node: 'lobby-runner-2', reported: true, held: { users: 0 } }),
    ]);
    await world.user('ben', 1);
    await world.clock.advance(1);
    expect(recovery.reasons).toEqual([]);
  });

  it('waits for the last page of a front', async () => {
    const world = new LobbyWorld();
    const { service } = await world.startMaster();
    const front = await RawFront.connect(world.cluster);
    await world.clock.advance(RECOVERY_MS);
    const recovery = service.fronts.recovery as Recovery;
    const page = (last: boolean): Promise<object> =>
      world.cluster.settled(front.link.call(auth.reqInventoryF2b, { users: [], last }));
    await page(false);
    expect(recovery.reasons).toEqual(['recovering: lobby-runner raw has not told all that it holds']);
    await page(true);
    expect(recovery.recovered).toBe(true);
  });
});
