/**
 * Rooms that say as much of themselves as they may, and many of them, while others talk: pages of them are
 * read to the end, then room-master is killed and comes back. It has all of them again in the time in which
 * fronts come back anyhow, and nobody but the fronts' links to it notices.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@lobby/cluster';
import { room } from '@lobby/protocol';
import type { Door } from '../bots/town.ts';
import { RECOVERY_MS } from '../run/recovery.ts';
import { Creators } from './creators.ts';
import { enterDoor, forEach, login } from './crowd.ts';
import type { Drill, DrillReport, DrillSize, Figure, Stage } from './drill.ts';
import { listening } from './listening.ts';
import { percentile } from './percentile.ts';
import { readRooms } from './read-rooms.ts';
import type { RoomsRead } from './read-rooms.ts';
import { Talk } from './talk.ts';

const TALK = { rooms: 10, members: 8, perSecond: 40 } as const;
const CREATORS = 4;
/** What is begun is compiled first: so long nothing is measured. */
const WARM_UP_MS = 2_000;
const PATIENCE_MS = 60_000;
/** The window in which fronts come back, and what its last step may take. */
const READY_WITHIN_MS = RECOVERY_MS + 500;
/** Chat may take so many times as long as before. */
const CHAT_FACTOR = 2;
/** Chat is measured so many times as long from the kill on as before it. */
const AROUND = 2;

/** 2,048 bytes of UTF-8 in characters of four bytes: the most that title and attributes may take. */
const FAT = Object.freeze({
  title: '🎲'.repeat(64),
  attributes: { a: '🎲'.repeat(128), b: '🎲'.repeat(128), c: '🎲'.repeat(128), d: '🎲'.repeat(63) },
});

async function run(stage: Stage, { users: count, times: seconds }: DrillSize): Promise<DrillReport> {
  const { fronts } = stage;
  const [door] = fronts as [Door];
  await using talk = await Talk.gather({ ...TALK, doors: fronts });
  const fat = await makeRooms(fronts, count);
  const before = await readRooms(door);
  await using creators = await Creators.come({ count: CREATORS, doors: fronts });
  const linksBefore = await linksOf(stage);
  talk.begin();
  creators.begin();
  await pause(WARM_UP_MS);
  const quietFrom = performance.now();
  await pause(1_000 * seconds);
  const restart = await restartMaster(stage, count);
  const { killedAt, readyAt } = restart;
  await pause(Math.max(0, killedAt + AROUND * 1_000 * seconds - performance.now()));
  const until = performance.now();

  const creating = await creators.end();
  const talking = await talk.end();
  const after = await readRooms(door);
  const links = await linksOf(stage);
  const untimely = creators.failedBut({ from: killedAt, to: readyAt });
  const lost = linksBefore.filter(({ toLobby }, nth) => links[nth]?.toLobby !== toLobby);
  const sum = (all: readonly Links[]): number => all.reduce((total, { toRooms }) => total + toRooms, 0);
  return {
    faults: [
      ...before.faultsOf(fat),
      ...after.faultsOf([...fat, ...creators.made]).map((fault) => `after the restart ${fault}`),
      ...creating,
      ...untimely.map((code) => `a create failed as ${code} although room-master was there`),
      ...talking,
      ...lost.map(({ node }) => `${node} lost its link to lobby-master`),
    ],
    figures: [
      { name: 'fat rooms', value: count, unit: '' },
      { name: 'people who talk', value: talk.people, unit: '' },
      ...pageFigures(before),
      ...restartFigures(restart),
      ...chatFigures(
        { seconds, times: talk.between(quietFrom, killedAt) },
        { seconds: (until - killedAt) / 1_000, times: talk.between(killedAt, until) },
      ),
      { name: 'rooms created meanwhile', value: creators.made.size, unit: '' },
      {
        name: 'tries to create that failed while it was away',
        value: creators.failed - untimely.length,
        unit: '',
      },
      { name: 'creates that failed', value: creating.length + untimely.length, unit: '', most: 0 },
      { name: 'people cut off, and lines lost', value: talking.length, unit: '', most: 0 },
      {
        name: 'links to the new room-master',
        value: sum(links) - sum(linksBefore),
        unit: '',
        most: fronts.length,
      },
      { name: "links lost besides room-master's", value: lost.length, unit: '', most: 0 },
    ],
  };
}

/** Each by a user of its own, who goes then; the rooms stay for a while, although they are empty. */
function makeRooms(doors: readonly Door[], count: number): Promise<string[]> {
  return forEach(Array.from({ length: count }), async (_, nth) => {
    const guest = await enterDoor(`fat-${nth}`, doors[nth % doors.length] as Door);
    const logged = await login(guest);
    if (logged.kind !== 'reply') throw new Error(`${guest.name} could not log in: ${logged.code}`);
    const made = await guest.link.outcome(room.reqCreate, { ...FAT, capacity: 2 });
    if (made.kind !== 'reply') throw new Error(`${guest.name} could not make a room: ${made.code}`);
    guest.link.close();
    return made.reply.room.roomId;
  });
}

/** By the clock of `performance.now()`. */
interface Restart {
  readonly killedAt: number;
  readonly startedAt: number;
  /** It accepts connections. */
  readonly listensAt: number;
  /** Every front has told it all that it holds. */
  readonly wholeAt: number;
  /** It says of itself that it is ready, and so do the fronts. */
  readonly readyAt: number;
}

/** What room-master tells of its recovery. */
interface Recovery {
  readonly fronts: readonly { readonly reported: boolean; readonly held: { readonly rooms: number } }[];
}

async function restartMaster({ cluster, fronts }: Stage, count: number): Promise<Restart> {
  const master = cluster.app('room-master');
  const killedAt = performance.now();
  master.kill('SIGKILL');
  await master.exited;
  master.start();
  const startedAt = performance.now();
  const listensAt = await listening(master);
  const waiting = { withinMs: PATIENCE_MS, everyMs: 20 };
  const isWhole = async (): Promise<boolean> => {
    const told = (await master.admin<Recovery>('/recovery')).fronts;
    const rooms = told.reduce((sum, { held }) => sum + held.rooms, 0);
    return told.length === fronts.length && told.every(({ reported }) => reported) && rooms >= count;
  };
  const areReady = async (): Promise<boolean> => {
    const running = cluster.apps.filter((app) => app.running);
    const states = await Promise.all(running.map((app) => app.ask({ path: '/readyz' })));
    return states.every(({ status }) => status === 200);
  };
  const since = (look: () => Promise<boolean>) => async () => (await look()) && performance.now();
  const wholeAt = await eventually('room-master has every inventory', since(isWhole), waiting);
  const readyAt = await eventually('room-master and the fronts are ready', since(areReady), waiting);
  return { killedAt, startedAt, listensAt, wholeAt, readyAt };
}

interface Links {
  readonly node: string;
  /** How many links it has had in its life. */
  readonly toLobby: number;
  readonly toRooms: number;
}

function linksOf({ cluster, fronts }: Stage): Promise<Links[]> {
  return Promise.all(
    fronts.map(async ({ node }) => {
      const metrics = await cluster.app(node).admin<string>('/metrics');
      const opened = (pulse: string): number => {
        const [, digits] =
          new RegExp(`^lobby_sessions_opened_total\\{pulse="${pulse}"\\} (\\d+)`, 'm').exec(metrics) ?? [];
        if (digits === undefined) throw new Error(`${node} tells nothing of its links to ${pulse}`);
        return Number(digits);
      };
      return { node, toLobby: opened('lobby-master'), toRooms: opened('room-master') };
    }),
  );
}

function ms(name: string, value: number, most?: number): Figure {
  return { name, value, unit: 'ms', ...(most === undefined ? {} : { most }) };
}

function pageFigures({ firstMs, firstRooms, pages, allMs }: RoomsRead): Figure[] {
  return [
    ms('the first page of 100', firstMs),
    { name: 'rooms on it', value: firstRooms, unit: '' },
    { name: 'pages to the end', value: pages, unit: '' },
    ms('all of them, as often as a client may ask', allMs),
  ];
}

function restartFigures({ killedAt, startedAt, listensAt, wholeAt, readyAt }: Restart): Figure[] {
  return [
    ms('room-master listens after the kill', listensAt - killedAt),
    ms('every inventory is taken after it listens', wholeAt - listensAt, RECOVERY_MS),
    ms(
      `all are ready after it listens (fronts have ${RECOVERY_MS} ms to come back)`,
      readyAt - listensAt,
      READY_WITHIN_MS,
    ),
    ms('all are ready after its process was started', readyAt - startedAt),
  ];
}

interface Said {
  readonly seconds: number;
  readonly times: readonly number[];
}

function chatFigures(quiet: Said, around: Said): Figure[] {
  const p99 = percentile(quiet.times, 0.99);
  const during = `${around.seconds.toFixed(0)} s from the kill`;
  return [
    ms(`chat p50, ${quiet.seconds} s before`, percentile(quiet.times, 0.5)),
    ms(`chat p99, ${quiet.seconds} s before`, p99),
    ms(`chat p50, ${during}`, percentile(around.times, 0.5)),
    ms(`chat p99, ${during}`, percentile(around.times, 0.99), Math.ceil(CHAT_FACTOR * p99)),
  ];
}

export const fatRooms: Drill = {
  name: 'fat-rooms',
  words: '1,000 rooms of 2,048 bytes; room-master is killed under them, and comes back',
  fronts: 2,
  size: { users: 1_000, times: 5 },
  run,
};

export const manyRooms: Drill = {
  name: 'many-rooms',
  words: '10,000 rooms of 2,048 bytes on one front; room-master is killed under them, and comes back',
  fronts: 1,
  size: { users: 10_000, times: 5 },
  run,
};
