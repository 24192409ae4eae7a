/**
 * Users who send as fast as they can, and come back when they are put out: what it costs the others, whether
 * every flooder is throttled and ended, and whether none has more carried than its rate by coming back.
 */
import { ownFlow } from '../flow/load-flow.ts';
import { DEFAULT_RATE, OwnLobby } from '../run/own-lobby.ts';
import { mib } from '../run/progress.ts';
import { verdict } from '../run/verdict.ts';
import { Crowd } from './crowd.ts';
import { FrontWatch, closedSince, listed, longestStallMs } from './front-watch.ts';
import { siegeResult } from './siege-result.ts';
import type { SiegeResult } from './siege-result.ts';

export interface FloodSiegeOptions {
  /** Users who flood; ten share a room. */
  readonly flooders: number;
  /** Users who don't. */
  readonly others: number;
  /** The rooms of those. */
  readonly rooms: number;
  /** Chats a second of all of those together. */
  readonly chatsPerSecond: number;
  /** Seconds of quiet, and as many of flood. */
  readonly seconds: number;
  /** Seconds of talk before anything is measured. */
  readonly warmUpSeconds: number;
  /** Milliseconds after which one that was put out is back, on the average. */
  readonly againAfterMs: number;
}

const FLOOD_DEFAULTS: FloodSiegeOptions = Object.freeze({
  flooders: 200,
  others: 500,
  rooms: 10,
  chatsPerSecond: 50,
  seconds: 20,
  warmUpSeconds: 3,
  againAfterMs: 2_000,
});

const FLOODERS_IN_ROOM = 10;
const FLOODERS_ADDRESS = 500;
const THROTTLED = 'lobby_throttled_total{app-front}';
const CHATS = 'room_chats_total';
/** By so much more than the rate may be carried: what is measured begins and ends a little late. */
const TOLERANCE = 1.2;

export async function floodSiege(
  given: Partial<FloodSiegeOptions>,
  print: (line: string) => void,
): Promise<SiegeResult> {
  const {
    flooders,
    others: users,
    rooms,
    chatsPerSecond,
    seconds,
    warmUpSeconds,
    againAfterMs,
  } = {
    ...FLOOD_DEFAULTS,
    ...given,
  };
  await using lobby = await OwnLobby.start({ fronts: 1 });
  using others = await Crowd.arrive(lobby, {
    name: 'others',
    users,
    rooms,
    flow: ownFlow('rooms'),
    firstAddress: 0,
  });
  using crowd = await Crowd.arrive(lobby, {
    name: 'flooders',
    users: flooders,
    rooms: Math.ceil(flooders / FLOODERS_IN_ROOM),
    flow: ownFlow('rooms'),
    firstAddress: FLOODERS_ADDRESS,
    yields: true,
  });
  print(`${users} talk in ${rooms} rooms; quiet for ${seconds} s`);
  others.talk(chatsPerSecond);
  await others.measure(warmUpSeconds);
  const quiet = await others.measure(seconds);

  using front = new FrontWatch(lobby);
  const before = await lobby.frontMetrics();
  const floodedFrom = performance.now();
  print(`${flooders} flood for ${seconds} s`);
  crowd.flood(againAfterMs);
  const besieged = await others.measure(seconds);
  const { cores } = front;
  const after = await lobby.frontMetrics();
  const floodedSeconds = (performance.now() - floodedFrom) / 1_000;
  await others.finish();

  const reasons = closedSince(before, after);
  const ended = reasons.get('flood') ?? 0;
  const throttled = (after.get(THROTTLED) ?? 0) - (before.get(THROTTLED) ?? 0);
  const chats = (after.get(CHATS) ?? 0) - (before.get(CHATS) ?? 0) - chatsPerSecond * floodedSeconds;
  const carried = chats / flooders;
  const allowed = DEFAULT_RATE * (2 + floodedSeconds);
  return siegeResult(
    [{ what: 'delivery to the others, p99', quietMs: quiet.p99Ms, besiegedMs: besieged.p99Ms }],
    {
      lines: [
        `deliveries measured: ${quiet.count} quiet, ${besieged.count} besieged; p50 ${quiet.p50Ms.toFixed(2)} and ${besieged.p50Ms.toFixed(2)} ms`,
        `frames that the front throttled: ${throttled}`,
        `chats carried of a flooder: ${carried.toFixed(0)} in ${floodedSeconds.toFixed(1)} s, ${allowed.toFixed(0)} may be`,
        `ends that the front counted: ${listed(reasons)}`,
        `longest stall of the front's event loop: ${longestStallMs(after).toFixed(0)} ms`,
        `memory of the front: ${mib(front.firstBytes)} before, ${mib(front.mostBytes)} at most; CPU ${(100 * cores).toFixed(0)} % of a core`,
      ],
      faults: [
        throttled === 0 ? 'nothing was throttled' : undefined,
        carried > TOLERANCE * allowed
          ? `of a flooder ${carried.toFixed(0)} chats were carried, ${allowed.toFixed(0)} may be`
          : undefined,
        ended < flooders ? `${ended} ends as flood, for ${flooders} who flood` : undefined,
        ...verdict(others.sums, { users, endedServers: lobby.ended }),
      ],
    },
  );
}
