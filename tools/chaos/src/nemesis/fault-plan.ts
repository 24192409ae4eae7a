/**
 * What will go wrong in a run, and when: drawn from the seed before anything happens. Rounds of faults, with
 * quiet between them in which all heals. It names processes and routes and touches none.
 */
import type { LinkFault, Way } from '../proxy/link-fault.ts';
import type { Chance } from '@lobby/players';

export type PlannedFault =
  /** SIGKILL; the process comes back after a while. */
  | { readonly kind: 'kill'; readonly node: string; readonly backAfterMs: number }
  /** SIGSTOP, and SIGCONT when it is over. */
  | { readonly kind: 'pause'; readonly node: string; readonly forMs: number }
  /** SIGTERM and a new start of every front, one after another. */
  | { readonly kind: 'rolling' }
  /**
   * Something with one route. `share` is how many of its connections suffer; with 1 those too that are made
   * meanwhile.
   */
  | {
      readonly kind: 'link';
      readonly route: string;
      readonly fault: LinkFault;
      readonly share: number;
      readonly forMs: number;
    }
  /** Something with all routes from and to a process. */
  | { readonly kind: 'isolate'; readonly node: string; readonly fault: LinkFault; readonly forMs: number };

interface TimedFault {
  /** Milliseconds after the round's begin. */
  readonly afterMs: number;
  readonly fault: PlannedFault;
}

export interface Round {
  /** Milliseconds of quiet before it. */
  readonly quietMs: number;
  readonly faults: readonly TimedFault[];
}

export interface FaultPlanOptions {
  readonly chance: Chance;
  readonly nodes: readonly string[];
  readonly routes: readonly string[];
  /** How long quiet and faults may last in all. */
  readonly forMs: number;
}

const MOST_FAULTS = 3;
/** Only a run that is longer has time for a quiet in which everything heals. */
const LONG_RUN_MS = 60_000;
/**
 * One that is longer still also has quiets in which what must follow when nothing is wrong can be judged at
 * its full length.
 */
const VERY_LONG_RUN_MS = 180_000;
/** What a rolling restart takes, for the plan's sums. */
const ROLLING_MS = 15_000;

/** Rounds that fill the time. */
export function drawFaultPlan({ chance, nodes, routes, forMs }: FaultPlanOptions): Round[] {
  const rounds: Round[] = [];
  let leftMs = forMs;
  while (leftMs > 0) {
    const quietMs = drawQuiet(chance, forMs);
    const faults = Array.from({ length: chance.integer(1, MOST_FAULTS) }, () => ({
      afterMs: chance.integer(0, 3_000),
      fault: drawFault(chance, nodes, routes, Math.max(leftMs - quietMs, 1_000)),
    }));
    const lasts = Math.max(...faults.map(({ afterMs, fault }) => afterMs + lengthOf(fault)));
    leftMs -= quietMs + lasts;
    if (leftMs > 0 || rounds.length === 0) rounds.push({ quietMs, faults });
  }
  return rounds;
}

function drawQuiet(chance: Chance, forMs: number): number {
  const isLong = chance.chance(0.3) && forMs >= LONG_RUN_MS;
  if (!isLong) return chance.integer(1_500, 5_000);
  const isVeryLong = forMs >= VERY_LONG_RUN_MS && chance.chance(0.3);
  return isVeryLong ? chance.integer(28_000, 40_000) : chance.integer(14_000, 20_000);
}

function lengthOf(fault: PlannedFault): number {
  if (fault.kind === 'rolling') return ROLLING_MS;
  return fault.kind === 'kill' ? fault.backAfterMs + 2_000 : fault.forMs;
}

function drawFault(
  chance: Chance,
  nodes: readonly string[],
  routes: readonly string[],
  mostMs: number,
): PlannedFault {
  const node = chance.pick(nodes);
  const forMs = Math.min(
    mostMs,
    chance.weighted([
      [3, chance.integer(300, 4_000)],
      [2, chance.integer(4_000, 12_000)],
      [1, chance.integer(12_000, 30_000)],
    ]),
  );
  return chance.weighted<() => PlannedFault>([
    [6, () => ({ kind: 'kill', node, backAfterMs: chance.integer(0, 4_000) })],
    [4, () => ({ kind: 'pause', node, forMs })],
    [1, () => ({ kind: 'rolling' })],
    [
      9,
      () => ({
        kind: 'link',
        route: chance.pick(routes),
        fault: drawLinkFault(chance),
        share: chance.pick([0.2, 0.5, 1, 1]),
        forMs,
      }),
    ],
    [4, () => ({ kind: 'isolate', node, fault: drawLinkFault(chance), forMs })],
  ])();
}

function drawLinkFault(chance: Chance): LinkFault {
  const way = chance.pick<Way>(['up', 'down']);
  return chance.weighted<() => LinkFault>([
    [3, () => ({ kind: 'delay', ms: chance.integer(20, 800) })],
    [3, () => ({ kind: 'reset' })],
    [4, () => ({ kind: 'swallow', way: chance.pick<Way | 'both'>(['both', 'both', 'up', 'down']) })],
    [2, () => ({ kind: 'truncate', way, bytes: chance.integer(1, 3_000) })],
    [2, () => ({ kind: 'throttle', bytesPerSecond: chance.integer(500, 20_000) })],
  ])();
}
