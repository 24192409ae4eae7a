/**
 * Members of busy rooms who stop reading: what it costs those who read on, whether each is ended as
 * `slow_reader`, whether its room is told, and whether the front's memory stays within its bound.
 */
import { ownFlow } from '../flow/load-flow.ts';
import { OwnLobby } from '../run/own-lobby.ts';
import { mib } from '../run/progress.ts';
import { pause } from '../run/run-load.ts';
import { verdict } from '../run/verdict.ts';
import { Crowd } from './crowd.ts';
import { FrontWatch, closedSince, listed } from './front-watch.ts';
import { siegeResult } from './siege-result.ts';
import type { SiegeResult } from './siege-result.ts';

export interface ReadersSiegeOptions {
  /** Members who stop reading. */
  readonly stopped: number;
  readonly rooms: number;
  /** Members of each room who read on, and talk. */
  readonly talkers: number;
  /** Chats a second in each room, of 3,000 bytes each. */
  readonly chatsPerSecond: number;
  /** Minutes of the siege, at most: it ends when every one of the stopped was ended. */
  readonly minutes: number;
  /** Seconds of quiet before it. */
  readonly quietSeconds: number;
  /** Seconds of talk before anything is measured. */
  readonly warmUpSeconds: number;
  /** How long a dropped member keeps the place; the server's own if undefined. */
  readonly memberGraceMs: number | undefined;
  /** How long a member may read nothing; the server's own if undefined. */
  readonly stallTimeoutMs: number | undefined;
}

const READERS_DEFAULTS: ReadersSiegeOptions = Object.freeze({
  stopped: 1_000,
  rooms: 10,
  talkers: 10,
  chatsPerSecond: 15,
  minutes: 2,
  quietSeconds: 20,
  warmUpSeconds: 3,
  memberGraceMs: undefined,
  stallTimeoutMs: undefined,
});

/** What may wait for one session, as the front is set. */
const UNSENT_BYTES = 256 * 1024;
const DEFAULT_GRACE_MS = 20_000;
/** What a heap may hold that is not collected yet. */
const SLACK_BYTES = 96 * 1024 * 1024;
const TOLD_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
const LISTENERS_ADDRESS = 500;

export async function readersSiege(
  given: Partial<ReadersSiegeOptions>,
  print: (line: string) => void,
): Promise<SiegeResult> {
  const options = { ...READERS_DEFAULTS, ...given };
  const { stopped, rooms, talkers, chatsPerSecond, minutes, quietSeconds, warmUpSeconds } = options;
  await using lobby = await OwnLobby.start({
    fronts: 1,
    chatsPerUser: chatsPerSecond / talkers,
    env: settingsOf(options),
  });
  using others = await Crowd.arrive(lobby, {
    name: 'others',
    users: rooms * talkers,
    rooms,
    flow: ownFlow('siege-talkers'),
    firstAddress: 0,
  });
  using readers = await Crowd.arrive(lobby, {
    name: 'readers',
    users: stopped,
    rooms,
    flow: ownFlow('listeners'),
    given: others.rooms,
    firstAddress: LISTENERS_ADDRESS,
  });
  print(`${rooms * talkers} talk in ${rooms} rooms, ${stopped} listen; quiet for ${quietSeconds} s`);
  others.talk(rooms * chatsPerSecond);
  await others.measure(warmUpSeconds);
  const quiet = await others.measure(quietSeconds);

  using front = new FrontWatch(lobby);
  const before = await lobby.frontMetrics();
  const ends = async (): Promise<Map<string, number>> => closedSince(before, await lobby.frontMetrics());
  const allEnded = async (): Promise<boolean> => ((await ends()).get('slow_reader') ?? 0) >= stopped;
  print(`the ${stopped} stop reading`);
  readers.pause();
  const besieged = await others.measure(quietSeconds, {
    enough: spaced(allEnded),
    mostSeconds: minutes * 60,
  });
  const { cores } = front;
  const reasons = await ends();
  others.talk(0);
  const wanted = stopped * talkers;
  const told = await leavesTold(others, wanted, options.memberGraceMs ?? DEFAULT_GRACE_MS);
  await others.finish();

  const mostBytes = front.firstBytes + stopped * UNSENT_BYTES + SLACK_BYTES;
  const ended = reasons.get('slow_reader') ?? 0;
  return siegeResult(
    [{ what: 'delivery to the others, p99', quietMs: quiet.p99Ms, besiegedMs: besieged.p99Ms }],
    {
      lines: [
        `deliveries measured: ${quiet.count} quiet, ${besieged.count} besieged; p50 ${quiet.p50Ms.toFixed(2)} and ${besieged.p50Ms.toFixed(2)} ms`,
        `ends that the front counted: ${listed(reasons)}`,
        `leaves that the rooms were told: ${told} of ${wanted}`,
        `memory of the front: ${mib(front.firstBytes)} before, ${mib(front.mostBytes)} at most; ${mib(mostBytes)} allowed; CPU ${(100 * cores).toFixed(0)} % of a core`,
      ],
      faults: [
        ended < stopped
          ? `${stopped - ended} of ${stopped} that stopped reading were not ended as slow_reader`
          : undefined,
        told < wanted ? `${wanted - told} of ${wanted} leaves were not told` : undefined,
        front.mostBytes > mostBytes
          ? `the front took ${mib(front.mostBytes)}, more than ${mib(mostBytes)}`
          : undefined,
        ...verdict(others.sums, { users: rooms * talkers, endedServers: lobby.ended }),
      ],
    },
  );
}

function settingsOf({
  memberGraceMs,
  stallTimeoutMs,
}: ReadersSiegeOptions): Readonly<Record<string, string>> {
  return {
    ...(memberGraceMs === undefined ? {} : { LOBBY_MEMBER_GRACE_MS: String(memberGraceMs) }),
    ...(stallTimeoutMs === undefined ? {} : { LOBBY_STALL_TIMEOUT_MS: String(stallTimeoutMs) }),
  };
}

/** How many leaves of lost members the others were told, when all were or time is up. */
async function leavesTold(others: Crowd, wanted: number, graceMs: number): Promise<number> {
  const told = (): number => others.sums.messages['room.syn_leave: disconnected'] ?? 0;
  const until = performance.now() + graceMs + TOLD_WITHIN_MS;
  while (told() < wanted && performance.now() < until) await pause(100, { check: () => undefined });
  return told();
}

/**
 * The same question, asked every other second only: an answer costs the front time that the others would
 * have.
 */
function spaced(ask: () => Promise<boolean>): () => Promise<boolean> {
  let askedMs = performance.now();
  return async () => {
    if (performance.now() - askedMs < LOOK_EVERY_MS) return false;
    askedMs = performance.now();
    return ask();
  };
}
