/** How the cluster of one run is configured: within what an operator may set, drawn from the seed. */
import type { Chance } from '@lobby/players';
import type { Extremes } from '../extremes/extremes.ts';

export interface ClusterSettings {
  readonly clientHeartbeatMs: number;
  readonly serviceHeartbeatMs: number;
  readonly seatExpiresMs: number;
  readonly memberGraceMs: number;
  readonly roomEmptyMs: number;
  readonly maxRooms: number;
  /** Deliveries a second of one room, where they are fewer than the product's. */
  readonly roomDeliveries?: number;
  readonly announceMs: number;
  /** Bytes that may wait for a client. */
  readonly maxUnsentBytes: number;
  /** How long a stop waits for what is under way. */
  readonly drainMs: number;
  /** How many of the accounts' answers come too late. */
  readonly slowAccounts: number;
  /** Tokens say the ids of users. */
  readonly tokensBearSubs: boolean;
  /** An identity service issues tokens: names are bound to its users. */
  readonly identityService: boolean;
  /** Connections of one port, and services that it welcomes in a second; the product's if left out. */
  readonly ports?: PortLimits;
  /** Limits of the links between services, where they differ from the product's. */
  readonly serviceLimits?: ServiceLimits;
}

interface PortLimits {
  readonly maxConnections: number;
  readonly openingsPerSecond: number;
}

/** Far more than there are bots and fronts, and fewer than there are strangers. */
const NARROW_PORTS: PortLimits = Object.freeze({ maxConnections: 40, openingsPerSecond: 1 });

interface ServiceLimits {
  /** Bytes that may wait on a link; over it the link ends. */
  readonly maxUnsentBytes: number;
  /** Bytes that may wait on a link before nothing more is asked on it. */
  readonly busyUnsentBytes: number;
}

/** In the proportion that the product has them, and reached by some dozens of pages. */
const NARROW_LINKS: ServiceLimits = Object.freeze({
  maxUnsentBytes: 2 * 1024 * 1024,
  busyUnsentBytes: 512 * 1024,
});

/** How long tokens renew themselves; clocks are set by an hour at most. */
export const AUTH_MAX_AGE_MS = 10 * 24 * 60 * 60_000;

/** So few that one talker who is alone in a room says more. */
const FEW_DELIVERIES = 10;

/** What an extreme needs of the settings: the product's defaults, or rooms that are there to stay. */
function needed(extremes: Extremes): Partial<ClusterSettings> {
  const isCrowded = extremes.has('fatRooms') || extremes.has('roomCrowd');
  const isFull = isCrowded || extremes.has('userCrowd');
  const isRead = isCrowded || extremes.has('readers');
  return {
    ...(isCrowded ? { maxRooms: 10_000, roomEmptyMs: 600_000 } : {}),
    ...(isRead ? { maxUnsentBytes: 256 * 1024 } : {}),
    ...(extremes.has('strangers') && !isFull ? { ports: NARROW_PORTS } : {}),
    ...(extremes.has('fatRooms') ? { serviceLimits: NARROW_LINKS } : {}),
    // Where the storage is slow, an impostor is let in for a while.
    ...(extremes.has('impostor') ? { slowAccounts: 0 } : {}),
    ...(extremes.has('greedyUsers')
      ? { maxRooms: 10_000, roomEmptyMs: 30_000, seatExpiresMs: 3_000, roomDeliveries: FEW_DELIVERIES }
      : {}),
    ...(extremes.has('userCrowd') ? { clientHeartbeatMs: 10_000 } : {}),
  };
}

export function drawSettings(random: Chance, extremes: Extremes): ClusterSettings {
  return Object.freeze<ClusterSettings>({
    clientHeartbeatMs: random.pick([1_000, 2_000, 10_000]),
    serviceHeartbeatMs: 2_000,
    seatExpiresMs: random.pick([5_000, 15_000]),
    memberGraceMs: random.pick([5_000, 20_000]),
    roomEmptyMs: random.pick([5_000, 30_000]),
    maxRooms: random.pick([2, 10_000, 10_000]),
    announceMs: random.pick([1_000, 5_000]),
    maxUnsentBytes: random.pick([4 * 1024, 256 * 1024]),
    slowAccounts: random.pick([0, 0, 0.02]),
    drainMs: random.pick([500, 10_000]),
    tokensBearSubs: extremes.has('longSubs') || extremes.has('impostor'),
    identityService: extremes.has('impostor'),
    ...needed(extremes),
  });
}
