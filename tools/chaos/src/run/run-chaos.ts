/**
 * One run: real processes behind proxies, bots, nemeses as the seed has it, then calm, a probe, rest, and the
 * books. Everything is in the history; whether it was right is the checker's to say.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Bot } from '../bots/bot.ts';
import { Recorder } from '../history/recorder.ts';
import { drawFaultPlan } from '../nemesis/fault-plan.ts';
import { Nemesis } from '../nemesis/nemesis.ts';
import { Chance } from '@lobby/players';
import { ProcessWatch } from './process-watch.ts';
import { probeDoor } from './probe-door.ts';
import { ProxiedCluster } from './proxied-cluster.ts';
import { RECOVERY_SETTINGS } from './recovery.ts';
import { takeBooks } from './take-books.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** Seconds of quiet and faults; start, calm and end come on top, about half a minute. */
  readonly seconds: number;
  readonly users: number;
  /** How many app-fronts, besides one lobby-runner and one room-runner. */
  readonly fronts: number;
  /** Milliseconds between two acts of a bot, on the average. */
  readonly paceMs: number;
  /** Where the history goes. */
  readonly file: string;
  readonly print: (line: string) => void;
}

const SEAT_EXPIRES_MS = 5_000;
const MEMBER_GRACE_MS = 6_000;
const ROOM_EMPTY_MS = 20_000;
const CLIENT_HEARTBEAT_MS = 3_000;
const DRAIN_MS = 1_500;
const ARRIVAL_MS = 3_000;
/** After the last fault a probe must succeed that much later. */
const CALM_MS = 10_000;
/**
 * Seats that nobody takes expire meanwhile, and those of lost members; links that lost each other find each
 * other.
 */
const BOOKS_WITHIN_MS = 25_000;
/** What a process may take to end when it is asked to. */
const STOP_WITHIN_MS = 35_000;

const SETTINGS = {
  LOBBY_SEAT_EXPIRES_MS: String(SEAT_EXPIRES_MS),
  LOBBY_MEMBER_GRACE_MS: String(MEMBER_GRACE_MS),
  LOBBY_ROOM_EMPTY_MS: String(ROOM_EMPTY_MS),
  LOBBY_CLIENT_HEARTBEAT_MS: String(CLIENT_HEARTBEAT_MS),
  LOBBY_DRAIN_MS: String(DRAIN_MS),
  ...RECOVERY_SETTINGS,
  LOBBY_LOG_LEVEL: 'warn',
};

/**
 * Resolves when the history is whole. Rejects with a `ClusterError` where the processes could not be started
 * at all.
 */
export async function runChaos(options: ChaosOptions): Promise<void> {
  const { seed, users, fronts, seconds, file, paceMs, print } = options;
  const chance = new Chance(`chaos ${seed}`);
  await using lobby = await ProxiedCluster.start({ fronts, env: SETTINGS });
  await using recorder = new Recorder(file);
  recorder.tell({
    what: 'run',
    seed,
    users,
    fronts,
    wallMs: Date.now() - recorder.nowMs,
    seatExpiresMs: SEAT_EXPIRES_MS,
    memberGraceMs: MEMBER_GRACE_MS,
    roomEmptyMs: ROOM_EMPTY_MS,
  });
  const { town, apps } = lobby;
  const say = (words: string): void =>
    print(`${(recorder.nowMs / 1_000).toFixed(1).padStart(6)} s  ${words}`);
  const watch = new ProcessWatch(recorder);
  for (const app of apps) watch.start(app);
  await lobby.cluster.ready();

  say(`${apps.length} processes are up; ${users} users arrive`);
  const bots = Array.from({ length: users }, (_, index) => {
    const name = `bot-${String(index).padStart(4, '0')}`;
    return new Bot({ name, town, recorder, paceMs, chance: chance.fork(name) });
  });
  for (const bot of bots) {
    bot.run();
    await pause(ARRIVAL_MS / users);
  }
  const plan = drawFaultPlan({
    chance: chance.fork('plan'),
    nodes: apps.map(({ name }) => name),
    routes: lobby.routes.map(({ name }) => name),
    forMs: seconds * 1_000,
  });
  await new Nemesis({ lobby, watch, recorder, chance: chance.fork('nemesis'), print: say }).run(plan);
  recorder.tell({ what: 'calm' });
  say('calm');
  await pause(CALM_MS);

  const probed = town.lobbies.map((door) => probeDoor(door, { town, recorder }));
  await Promise.all(probed);
  await Promise.all(bots.map((bot) => bot.rest()));
  recorder.tell({ what: 'rest' });
  say('rest');
  await pause(Math.max(SEAT_EXPIRES_MS, MEMBER_GRACE_MS) + 1_000);
  for (const books of await takeBooks(apps, { withinMs: BOOKS_WITHIN_MS })) recorder.tell(books);
  for (const bot of bots) bot.end();
  await Promise.all(apps.map((app) => watch.stop(app, { patienceMs: STOP_WITHIN_MS })));
  say('the end');
}
