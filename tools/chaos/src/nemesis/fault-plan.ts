/**
 * What will go wrong in a run, and when: drawn from the seed before anything happens. Rounds of faults, with quiet between them in
 * which all heals. It names processes and routes and touches none.
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
  /** Something with one route. `share` is how many of its connections suffer; with 1 those too that are made meanwhile. */
  | {
      readonly kind: 'link';
      readonly route: string;
      readonly fault: LinkFault;
      readonly share: number;
      readonly forMs: number;
    }
  /** Something with all routes from and to a process. */
  | { readonly kind: 'isolate'; readonly node: string; readonly fault: LinkFault; readonly forMs: number };

export interface TimedFault {
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
  readonly random: Chance;
  readonly nodes: readonly string[];
  readonly routes: readonly string[];
  /** How long quiet and faults may last in all. */
  readonly forMs: number;
}

const MOST_FAULTS = 3;
/** Only a run that is longer has time for a quiet in which everything heals. */
const LONG_RUN_MS = 60_000;
/** One that is longer still also has quiets in which what must follow when nothing is wrong can be judged at its full length. */
const VERY_LONG_RUN_MS = 180_000;
/** What a rolling restart takes, for the plan's sums. */
const ROLLING_MS = 15_000;

/** Rounds that fill the time. */
export function drawFaultPlan({ random, nodes, routes, forMs }: FaultPlanOptions): Round[] {
  const rounds: Round[] = [];
  let leftMs = forMs;
  while (leftMs > 0) {
    const quietMs = drawQuiet(random, forMs);
    const faults = Array.from({ length: random.integer(1, MOST_FAULTS) }, () => ({
      afterMs: random.integer(0, 3_000),
      fault: drawFault(random, nodes, routes, Math.max(leftMs - quietMs, 1_000)),
    }));
    const lasts = Math.max(...faults.map(({ afterMs, fault }) => afterMs + lengthOf(fault)));
    leftMs -= quietMs + lasts;
    if (leftMs > 0 || rounds.length === 0) rounds.push({ quietMs, faults });
  }
  return rounds;
}

function drawQuiet(random: Chance, forMs: number): number {
  const isLong = random.chance(0.3) && forMs >= LONG_RUN_MS;
  if (!isLong) return random.integer(1_500, 5_000);
  const isVeryLong = forMs >= VERY_LONG_RUN_MS && random.chance(0.3);
  return isVeryLong ? random.integer(28_000, 40_000) : random.integer(14_000, 20_000);
}

function lengthOf(fault: PlannedFault): number {
  if (fault.kind === 'rolling') return ROLLING_MS;
  return fault.kind === 'kill' ? fault.backAfterMs + 2_000 : fault.forMs;
}

function drawFault(
  random: Chance,
  nodes: readonly string[],
  routes: readonly string[],
  mostMs: number,
): PlannedFault {
  const node = random.pick(nodes);
  const forMs = Math.min(
    mostMs,
    random.weighted([
      [3, random.integer(300, 4_000)],
      [2, random.integer(4_000, 12_000)],
      [1, random.integer(12_000, 30_000)],
    ]),
  );
  return random.weighted<() => PlannedFault>([
    [6, () => ({ kind: 'kill', node, backAfterMs: random.integer(0, 4_000) })],
    [4, () => ({ kind: 'pause', node, forMs })],
    [1, () => ({ kind: 'rolling' })],
    [
      9,
      () => ({
        kind: 'link',
        route: random.pick(routes),
        fault: drawLinkFault(random),
        share: random.pick([0.2, 0.5, 1, 1]),
        forMs,
      }),
    ],
    [4, () => ({ kind: 'isolate', node, fault: drawLinkFault(random), forMs })],
  ])();
}

function drawLinkFault(random: Chance): LinkFault {
  const way = random.pick<Way>(['up', 'down']);
  return random.weighted<() => LinkFault>([
    [3, () => ({ kind: 'delay', ms: random.integer(20, 800) })],
    [3, () => ({ kind: 'reset' })],
    [4, () => ({ kind: 'swallow', way: random.pick<Way | 'both'>(['both', 'both', 'up', 'down']) })],
    [2, () => ({ kind: 'truncate', way, bytes: random.integer(1, 3_000) })],
    [2, () => ({ kind: 'throttle', bytesPerSecond: random.integer(500, 20_000) })],
  ])();
}
