/**
 * Seats with short times: nobody comes, a connection is lost, a room is empty, too many want in. Rooms of
 * app-front keep a reservation for a moment only, those of room-runner for long.
 */

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Failure } from '@lobby/client';
import { eventually, startCluster } from '../src/index.ts';
import type { AppProcess, Cluster } from '../src/index.ts';
import { freshName } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';
import { RawClient } from './raw-client.ts';

jest.setTimeout(60_000);

let cluster: Cluster;
let appFront: AppProcess;
let lobbyRunner: AppProcess;
let roomRunner: AppProcess;
beforeAll(async () => {
  cluster = await startCluster({
    env: { ...PLAYER_SETTINGS, LOBBY_MEMBER_GRACE_MS: '2500' },
    envOf: {
      'app-front': { LOBBY_SEAT_EXPIRES_MS: '1200' },
      'room-runner': { LOBBY_SEAT_EXPIRES_MS: '30000', LOBBY_ROOM_EMPTY_MS: '700' },
    },
  });
  appFront = cluster.app('app-front');
  lobbyRunner = cluster.app('lobby-runner');
  roomRunner = cluster.app('room-runner');
});
afterAll(() => cluster[Symbol.asyncDispose]());

interface RoomRow {
  readonly roomId: string;
  readonly held: number;
  readonly capacity: number;
  readonly members: string[];
}

async function rowOf(holder: AppProcess, roomId: string): Promise<RoomRow | undefined> {
  const { items } = await holder.admin<{ items: RoomRow[] }>('/rooms?limit=1000');
  return items.find((row) => row.roomId === roomId);
}

/** The code of the failure that a call ends with. */
async function failureOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error.code;
  throw error;
}

describe('a seat that nobody takes', () => {
  it('is free again after its time, and the late comer is told so', async () => {
    await using ana = await Player.at(lobbyRunner);
    await using ben = await Player.at(lobbyRunner);
    await using eve = await Player.at(lobbyRunner);
    const { seat } = await ana.createAt(roomRunner, { capacity: 1 });
    await ana.enter(seat);
    expect(await failureOf(eve.lobby.reserve(seat.roomId))).toBe('room_full');

    const late = (await ben.createAt(appFront, { capacity: 1 })).seat;
    await eventually('the seat is free', async () => (await rowOf(appFront, late.roomId))?.held === 0);
    expect(await failureOf(ben.lobby.enter(late))).toBe('seat_expired');
    await eventually('another gets the seat', () => eve.lobby.reserve(late.roomId));
  });

  it('is told to nobody in the room', async () => {
    await using ana = await Player.at(appFront);
    await using ben = await Player.at(lobbyRunner);
    const roomId = await entered(ana, appFront, 2);
    await ben.lobby.reserve(roomId);
    expect(await rowOf(appFront, roomId)).toMatchObject({ held: 2, users: 1 });
    await eventually('the seat is free', async () => (await rowOf(appFront, roomId))?.held === 1);
    await ana.member.chat('anybody?');
    await ana.hears(`${ana.name}: anybody?`);
    expect(ana.heard).toEqual([`${ana.name}: anybody?`]);
  });
});

describe('a member whose connection is lost', () => {
  it('keeps the seat, and comes back by the seat of the next login without a word to the others', async () => {
    await using ana = await Player.at(appFront);
    await using ben = await Player.at(lobbyRunner);
    const { seat } = await ana.createAt(roomRunner, { capacity: 2 });
    await ana.enter(seat);
    await ben.join(seat.roomId);
    await ben.lobby.close();
    await using again = await Player.at(appFront, ben.name);
    expect(again.login.seat).toMatchObject({ roomId: seat.roomId, port: roomRunner.address.port });
    const member = await again.lobby.resume(again.login.seat ?? seat);
    expect([...member.users].sort()).toEqual([ana.name, ben.name].sort());
    await member.chat('back');
    await ana.hears(`${ben.name}: back`);
    expect(ana.heard).toEqual([`${ben.name} enters`, `${ben.name}: back`]);
  });

  it('is gone when the time is over: the others are told, the seat is free', async () => {
    await using ana = await Player.at(appFront);
    await using eve = await Player.at(appFront);
    const { seat } = await ana.createAt(roomRunner, { capacity: 2 });
    await ana.enter(seat);
    await using ben = await Player.at(lobbyRunner);
    const offered = (await ben.lobby.reserve(seat.roomId)).seat;
    using raw = await RawClient.welcomed(offered);
    expect(await raw.call(309, { ticket: offered.ticket })).toMatchObject({ topic: 310, kind: 2 });
    raw[Symbol.dispose]();
    expect(await failureOf(eve.lobby.reserve(seat.roomId))).toBe('room_full');
    await ana.hears(`${ben.name} leaves: disconnected`);
    expect(ana.heard).toEqual([`${ben.name} enters`, `${ben.name} leaves: disconnected`]);
    await eve.join(seat.roomId);
    await using again = await Player.at(appFront, ben.name);
    expect(again.login.seat).toBeUndefined();
  });
});

describe('a user', () => {
  it('who reserves another seat gives up the one that was not taken', async () => {
    await using ana = await Player.at(lobbyRunner);
    await using ben = await Player.at(lobbyRunner);
    await using eve = await Player.at(lobbyRunner);
    const roomId = await entered(ana, roomRunner, 2);
    const first = (await ben.lobby.reserve(roomId)).seat;
    expect(await rowOf(roomRunner, roomId)).toMatchObject({ held: 2 });
    const second = await ben.createAt(roomRunner, { capacity: 2 });
    expect(await rowOf(roomRunner, roomId)).toMatchObject({ held: 1 });
    expect(await failureOf(ben.lobby.enter(first))).toBe('bad_ticket');
    await ben.enter(second.seat);
    await eve.join(roomId);
  });

  it('who is in a room can reserve in no other one', async () => {
    await using ana = await Player.at(lobbyRunner);
    await using ben = await Player.at(appFront);
    const here = await entered(ana, roomRunner, 2);
    const there = await entered(ben, roomRunner, 2);
    expect(await failureOf(ana.lobby.reserve(there))).toBe('already_in_room');
    expect(await failureOf(ana.lobby.createRoom({ title: 'another', capacity: 2 }))).toBe('already_in_room');
    expect(await failureOf(ana.lobby.quick())).toBe('already_in_room');
    expect(ana.member.isOpen).toBe(true);
    expect(await rowOf(roomRunner, here)).toMatchObject({ members: [ana.name] });
    await ana.member.leave();
    await ana.join(there);
  });

  it('who reserves in the same room again gets a fresh ticket, and replaces the older connection', async () => {
    await using ana = await Player.at(lobbyRunner);
    await using ben = await Player.at(lobbyRunner);
    const roomId = await entered(ana, roomRunner, 2);
    await ben.join(roomId);
    const older = ben.member;
    const fresh = await ben.lobby.reserve(roomId);
    expect(fresh.room).toMatchObject({ roomId, users: 2 });
    expect(older.isOpen).toBe(true);
    const newer = await ben.enter(fresh.seat);
    expect(await older.closed).toMatchObject({ code: 'replaced', by: 'remote' });
    await newer.chat('still here');
    await ana.hears(`${ben.name}: still here`);
    expect(ana.heard).toEqual([`${ben.name} enters`, `${ben.name}: still here`]);
  });

  it('who logs out frees the seat, and whose login is superseded keeps it', async () => {
    await using ana = await Player.at(lobbyRunner);
    const roomId = await entered(ana, roomRunner, 3);
    await using ben = await Player.at(lobbyRunner);
    await ben.join(roomId);
    await using again = await Player.at(appFront, ben.name);
    expect((await ben.member.closed).code).toBe('logged_in_elsewhere');
    await again.enter(again.login.seat ?? (await ben.lobby.reserve(roomId)).seat);
    await again.lobby.logout();
    await ana.hears(`${ben.name} leaves: left`);
    expect(ana.heard).toEqual([`${ben.name} enters`, `${ben.name} leaves: left`]);
  });
});

describe('a room', () => {
  it('that is empty for its time is closed and listed no more', async () => {
    await using ana = await Player.at(lobbyRunner);
    const title = freshName('lonely');
    const { room, seat } = await ana.createAt(roomRunner, { title, capacity: 2 });
    await ana.enter(seat);
    expect((await ana.lobby.rooms({ title })).rooms.map(({ roomId }) => roomId)).toContain(room.roomId);
    await ana.member.leave();
    await eventually('the room is listed no more', async () => {
      const { rooms } = await ana.lobby.rooms({ title });
      return rooms.every(({ roomId }) => roomId !== room.roomId);
    });
    expect(await failureOf(ana.lobby.reserve(room.roomId))).toBe('room_not_found');
    expect(await rowOf(roomRunner, room.roomId)).toBeUndefined();
  });

  it('of five never has more than five, however many come at once', async () => {
    await using ana = await Player.at(lobbyRunner);
    const roomId = await entered(ana, roomRunner, 5);
    await using crowd = new AsyncDisposableStack();
    const racers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) =>
        crowd.use(await Player.at(index % 2 === 0 ? appFront : lobbyRunner)),
      ),
    );
    const mostHeld = watch(() => rowOf(roomRunner, roomId));
    const race = async (players: readonly Player[]): Promise<Player[]> => {
      const codes = await Promise.all(
        players.map((player) =>
          player.join(roomId).then(
            () => 'in',
            (error: Failure) => error.code,
          ),
        ),
      );
      expect(codes.filter((code) => code !== 'in' && code !== 'room_full')).toEqual([]);
      return players.filter((_, index) => codes[index] === 'in');
    };
    const first = await race(racers);
    expect(first).toHaveLength(4);
    const rest = racers.filter((player) => !first.includes(player));
    const leaving = first.map((player) => player.member.leave());
    const second = await race(rest);
    await Promise.all(leaving);
    expect(second.length).toBeLessThanOrEqual(4);
    const { held, members } = (await rowOf(roomRunner, roomId)) as RoomRow;
    expect(held).toBe(1 + second.length);
    expect([...members].sort()).toEqual([ana, ...second].map(({ name }) => name).sort());
    expect(await mostHeld.end()).toBe(5);
  });
});

/** The player makes a room there and is in it. */
async function entered(player: Player, holder: AppProcess, capacity: number): Promise<string> {
  const { room, seat } = await player.createAt(holder, { capacity });
  await player.enter(seat);
  return room.roomId;
}

/** Looks at a room again and again until `end`, which tells the most seats that were ever seen held. */
function watch(look: () => Promise<RoomRow | undefined>): { readonly end: () => Promise<number> } {
  let watching = true;
  let most = 0;
  const done = (async () => {
    while (watching) most = Math.max(most, (await look())?.held ?? 0);
  })();
  return {
    end: async () => {
      watching = false;
      await done;
      return most;
    },
  };
}
