/** How the cluster of one run is configured: within what an operator may set, drawn from the seed. */
import type { Chance } from '@lobby/players';

export interface ClusterSettings {
  readonly clientHeartbeatMs: number;
  readonly serviceHeartbeatMs: number;
  readonly seatExpiresMs: number;
  readonly memberGraceMs: number;
  readonly roomEmptyMs: number;
  readonly maxRooms: number;
  readonly announceMs: number;
  /** Bytes that may wait for a client. */
  readonly maxUnsentBytes: number;
  /** How long a stop waits for what is under way. */
  readonly drainMs: number;
  /** How many of the accounts' answers come too late. */
  readonly slowAccounts: number;
}

export function drawSettings(random: Chance): ClusterSettings {
  return Object.freeze({
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
  });
}
