/** What a fault is: something that is done to the cluster, and undone. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Chance } from '@lobby/players';
import type { TraceFields } from '../trace.ts';
import type { World } from '../world.ts';

/** What faults may touch. */
export interface Scene {
  readonly world: World;
  readonly cluster: Cluster;
  readonly random: Chance;
  /** Where clients are. */
  readonly botHosts: readonly string[];
}

/** A fault at work. */
export interface Begun {
  /** For the trace: what is done to whom. */
  readonly what: TraceFields & { readonly fault: string };
  /** Undoes it. Called once. */
  readonly end: () => void;
  /** How long it lasts where it should not be left to chance, in milliseconds. */
  readonly lastsMs?: number;
}

/** Begins, or returns `undefined` where there is nothing to do it to. */
export type Fault = (scene: Scene) => Begun | undefined;
