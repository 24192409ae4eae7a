/**
 * Processes that are asked to stop while they are in use: who is there has time to end, is told everything
 * and then why, and finds the way on by reconnecting.
 */

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FRONTS, eventually, startCluster } from '../src/index.ts';
import type { AppName, AppProcess, Cluster } from '../src/index.ts';
import { freshName } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';
import { Talk } from './talk.ts';

jest.setTimeout(120_000);

const ORDERLY = { code: 0, signal: null };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ env: { ...PLAYER_SETTINGS, LOBBY_DRAIN_MS: '60000' } });
});
afterAll(async () => {
  for (const app of cluster.apps) if (app.running) app.kill('SIGKILL');
  await cluster[Symbol.asyncDispose]();
});

/** Two users in a room that is held by `app`; both logged in at `lobby`. */
async function together(app: AppProcess, lobby: AppName = 'app-front'): Promise<[Player, Player]> {
  const ana = await Player.at(cluster.app(lobby));
  const ben = await Player.at(cluster.app(lobby));
  const { seat } = await ana.createAt(app, { title: freshName('together') });
  await ana.enter(seat);
  await ben.join(seat.roomId);
  return [ana, ben];
}

async function again(app: AppProcess): Promise<void> {
  expect(await app.exited).toEqual(ORDERLY);
  app.start();
  await cluster.ready();
}

describe('F33: a front that is asked to stop', () => {
  it.each(['app-front', 'room-runner'] as const)(
    '(%s) waits for its rooms to end, takes nothing new meanwhile, and exits with 0',
    async (name) => {
      const app = cluster.app(name);
      const [ana, ben] = await together(app, 'lobby-runner');
      app.kill('SIGTERM');
      await eventually('it drains', async () => {
        const { status, body } = await app.ask({ path: '/readyz' });
        const { reasons } = body as { reasons: string[] };
        return status === 503 && reasons.includes('draining: 2 connections are in rooms here');
      });
      expect(await app.admin('/info')).toMatchObject({ draining: true });
      await eventually('room-master knows', async () => {
        const { items } = await cluster
          .app('room-master')
          .admin<{ items: { node: string; state: string }[] }>('/peers');
        return items.some((peer) => peer.node === name && peer.state === 'draining');
      });
      await using eve = await Player.at(cluster.app('lobby-runner'));
      const { roomId } = ana.member.room;
      await expect(eve.lobby.reserve(roomId)).rejects.toMatchObject({ code: 'draining' });
      const placed = await eve.lobby.createRoom({ title: freshName('elsewhere'), capacity: 2 });
      expect(placed.seat.port).not.toBe(app.address.port);
      await ana.member.chat('the last words');
      await ben.hears(`${ana.name}: the last words`);
      await ana.member.leave();
      expect(app.running).toBe(true);
      await ben.member.leave();
      await again(app);
      for (const player of [ana, ben]) await player[Symbol.asyncDispose]();
    },
  );

  it('refuses logins as draining, and still serves who is logged in', async () => {
    const app = cluster.app('app-front');
    const [ana, ben] = await together(app);
    expect(await app.ask({ path: '/drain', method: 'POST' })).toEqual({
      status: 200,
      body: { draining: true, waitsFor: ['2 connections are in rooms here'] },
    });
    await expect(Player.at(app)).rejects.toMatchObject({ code: 'draining' });
    expect((await ben.lobby.rooms({ title: ana.member.room.title })).total).toBeGreaterThan(0);
    for (const player of [ana, ben]) await player.member.leave();
    await eventually('nobody is waited for', async () => {
      const { body } = await app.ask({ path: '/readyz' });
      return (body as { reasons: string[] }).reasons.join() === 'draining';
    });
    expect(app.running).toBe(true);
    app.kill('SIGTERM');
    expect((await ana.lobby.closed).code).toBe('shutting_down');
    expect(ana.kickouts).toMatchObject([{ code: 'shutting_down' }]);
    await again(app);
    for (const player of [ana, ben]) await player[Symbol.asyncDispose]();
  });

  it('ends at once with 1 at the second signal, members or not', async () => {
    const app = cluster.app('room-runner');
    const [ana, ben] = await together(app);
    app.kill('SIGTERM');
    // Again until one counts: the first ones are echoes.
    const impatience = setInterval(() => app.kill('SIGTERM'), 100);
    try {
      expect(await app.exited).toEqual({ code: 1, signal: null });
    } finally {
      clearInterval(impatience);
    }
    expect(app.log.find('second signal: ending at once')).toHaveLength(1);
    app.start();
    await cluster.ready();
    for (const player of [ana, ben]) await player[Symbol.asyncDispose]();
  });
});

describe('a rolling restart of all fronts', () => {
  it('loses no chat that was acknowledged, and ends every process with 0', async () => {
    await using rolling = await startCluster({ env: { ...PLAYER_SETTINGS, LOBBY_DRAIN_MS: '300' } });
    const lobbies = [rolling.app('app-front'), rolling.app('lobby-runner')];
    const talks = [0, 1, 2].map((start) => new Talk(lobbies, { start, members: 3 }));
    await Promise.all(talks.map((talk) => talk.begin()));
    for (const name of FRONTS) {
      const before = talks.map(({ acknowledged }) => acknowledged);
      await eventually('everybody talks', () =>
        talks.every(({ acknowledged }, nth) => acknowledged > (before[nth] as number) + 20),
      );
      rolling.app(name).kill('SIGTERM');
      expect(await rolling.app(name).exited).toEqual(ORDERLY);
      rolling.app(name).start();
      await rolling.app(name).ready();
    }
    for (const talk of talks) await talk.end();
    expect(talks.reduce((sum, { rooms }) => sum + rooms, 0)).toBeGreaterThan(talks.length);
  });
});
