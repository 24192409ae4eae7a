/**
 * A drill: one thing that goes wrong under many users, looked at closely. It measures, and judges what must
 * hold whatever the machine is busy with; its bounds of time are judged by who runs it.
 */
import { startCluster } from '@lobby/cluster';
import type { Cluster } from '@lobby/cluster';
import type { Door } from '../bots/town.ts';
import { IDENTITY_SETTINGS } from '../run/identity.ts';
import { RECOVERY_SETTINGS } from '../run/recovery.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | '';
  /** What it may be at most. */
  readonly most?: number;
}

export interface DrillReport {
  /** What was not as it must be; empty where all was well. */
  readonly faults: readonly string[];
  readonly figures: readonly Figure[];
}

/** Where a drill takes place. It leaves every process running and ready, and no connection behind. */
export interface Stage {
  readonly cluster: Cluster;
  /** The fronts, each of which takes logins and holds rooms. */
  readonly fronts: readonly Door[];
}

export interface DrillSize {
  readonly users: number;
  /** How often what is repeated is repeated, or for how many seconds what lasts lasts. */
  readonly times: number;
}

export interface Drill {
  readonly name: string;
  /** What it does, for the list of drills. */
  readonly words: string;
  /** How many app-fronts it is meant for. */
  readonly fronts: number;
  /** The full size; tests take a smaller one. */
  readonly size: DrillSize;
  readonly run: (stage: Stage, size: DrillSize) => Promise<DrillReport>;
}

/** Rooms may be many, also of one creator, and stay although nobody is in them. */
const ROOM_SETTINGS = {
  LOBBY_MAX_ROOMS_PER_RUNNER: '20000',
  LOBBY_MAX_ROOMS_PER_CREATOR: '20000',
  LOBBY_ROOM_EMPTY_MS: '1800000',
};

/** Both masters and that many app-fronts, real processes. Its end is the end of the cluster. */
export async function startStage(fronts: number): Promise<Stage & AsyncDisposable> {
  const cluster = await startCluster({
    env: {
      ...IDENTITY_SETTINGS,
      ...RECOVERY_SETTINGS,
      ...ROOM_SETTINGS,
      LOBBY_LOG_LEVEL: 'warn',
    },
    fleet: { 'app-front': fronts, 'lobby-runner': 0, 'room-runner': 0 },
  });
  const doors = cluster.apps
    .filter(({ app }) => app === 'app-front')
    .map(({ name, address }) => ({ node: name, address, port: address.port }));
  return { cluster, fronts: doors, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}
