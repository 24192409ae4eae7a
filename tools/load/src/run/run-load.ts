/**
 * A whole run: a lobby of its own or one that runs, processes of bots, their arrival, their talk, the last
 * delivery, the verdict.
 *
 *     start ──▶ arriving ── all there ──▶ talking ── seconds over ──▶ ending ── quiet ──▶ verdict, all gone
 */
import { randomBytes } from 'node:crypto';
import { isLoopback, loopbackAddresses } from '../bot/addresses.ts';
import type { Percentiles } from '../figures/histogram.ts';
import { loadFlow } from '../flow/load-flow.ts';
import { LoadError } from '../load-error.ts';
import { BotProcesses } from './bot-processes.ts';
import type { Sums } from './bot-processes.ts';
import { loadOptions } from './load-options.ts';
import type { CheckedLoadOptions, LoadOptions } from './load-options.ts';
import type { BotsPlan } from './orders.ts';
import { OwnLobby } from './own-lobby.ts';
import { Timeline } from './timeline.ts';
import type { Sample } from './timeline.ts';
import { verdict } from './verdict.ts';

export interface LoadResult {
  readonly options: CheckedLoadOptions;
  /** The flow's name. */
  readonly flow: string;
  /** Seconds until the last user had arrived. */
  readonly rampSeconds: number;
  /** Seconds of talk. */
  readonly talkSeconds: number;
  readonly sums: Sums;
  /** From the first chat to the last delivery. */
  readonly delivery: Percentiles;
  readonly call: Percentiles;
  readonly connect: Percentiles;
  readonly samples: readonly Sample[];
  /** What was wrong; empty where all were served. */
  readonly faults: readonly string[];
}

export interface LoadWatcher {
  /** Once a second. */
  readonly onSample: (sample: Sample) => void;
  /** Ends the run early, as if its seconds were over. */
  readonly signal?: AbortSignal;
}

const ADDRESSES_PER_LOAD = 16;
const LOOK_MS = 100;
const STALLED_AFTER_MS = 30_000;
const PREFIX_BYTES = 3;

/**
 * Rejects with a `LoadError` or a `ClusterError` where the run could not be made; what the servers did wrong
 * is the result's `faults`.
 */
export async function runLoad(given: Partial<LoadOptions>, watcher: LoadWatcher): Promise<LoadResult> {
  const options = loadOptions(given);
  const { flow } = await loadFlow(options.flow);
  const { running } = options;
  const chatsPerUser = options.chatsPerSecond / options.users;
  await using own =
    running === undefined ? await OwnLobby.start({ fronts: options.fronts, chatsPerUser }) : undefined;
  const fronts = own?.fronts ?? (running === undefined ? [] : [running.front]);
  const tokenSecret = own?.tokenSecret ?? running?.tokenSecret ?? '';
  using bots = new BotProcesses('bots', plansOf(options, { fronts, tokenSecret }));
  const servers = own?.servers.map(({ name, pid }) => ({ name, pid })) ?? [];
  using timeline = new Timeline({ bots, servers, onSample: watcher.onSample });
  const check = (): void => bots.check();

  await untilArrived(bots, options.users, watcher.signal);
  const rampSeconds = timeline.seconds;
  timeline.sample();
  timeline.phase = 'talking';
  bots.talk(options.chatsPerSecond);
  await pause(options.seconds * 1_000, { check, signal: watcher.signal });
  const talkSeconds = timeline.seconds - rampSeconds;
  timeline.phase = 'ending';
  await bots.finish();
  timeline.sample();

  const sums = bots.sums();
  return {
    options,
    flow: flow.name,
    rampSeconds,
    talkSeconds,
    sums,
    delivery: timeline.talkingDelivery.percentiles(),
    call: timeline.talkingCall.percentiles(),
    connect: timeline.connect.percentiles(),
    samples: timeline.samples,
    faults: verdict(sums, { users: options.users, endedServers: own?.ended ?? [] }),
  };
}

/** A plan for every process: whole rooms each, as even as that goes. */
function plansOf(
  { rooms, users, groupSize, loads, flow, rampPerSecond }: CheckedLoadOptions,
  lobby: Pick<BotsPlan, 'fronts' | 'tokenSecret'>,
): BotsPlan[] {
  const prefix = `u${randomBytes(PREFIX_BYTES).toString('hex')}`;
  const viaLoopback = lobby.fronts.every(({ host }) => isLoopback(host));
  return Array.from({ length: loads }, (_, index) => {
    const firstUser = Math.min(users, Math.floor((index * rooms) / loads) * groupSize);
    const nextUser = Math.min(users, Math.floor(((index + 1) * rooms) / loads) * groupSize);
    return {
      ...lobby,
      users: nextUser - firstUser,
      groupSize,
      namePrefix: `${prefix}-${index}-`,
      addresses: viaLoopback ? loopbackAddresses(ADDRESSES_PER_LOAD, index * ADDRESSES_PER_LOAD) : [],
      flow,
      arrivalsPerSecond: rampPerSecond / loads,
    };
  });
}

/**
 * Resolves when that many have been through their ramp. Rejects with `stalled` where none has for half a
 * minute.
 */
export async function untilArrived(bots: BotProcesses, users: number, signal?: AbortSignal): Promise<void> {
  let arrived = -1;
  let movedMs = performance.now();
  for (;;) {
    bots.check();
    const { totals, failures } = bots.sums();
    if (totals.arrived >= users || signal?.aborted === true) return;
    if (totals.arrived > arrived) movedMs = performance.now();
    arrived = totals.arrived;
    if (performance.now() - movedMs > STALLED_AFTER_MS)
      throw new LoadError(
        'stalled',
        `${arrived} of ${users} users have arrived, and none for ${STALLED_AFTER_MS / 1_000} s: ${JSON.stringify(failures)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** So many milliseconds; shorter where the signal is given. `check` may throw meanwhile. */
export async function pause(
  ms: number,
  { check, signal }: { readonly check: () => void; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until && signal?.aborted !== true) {
    check();
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, Math.min(LOOK_MS, until - performance.now()))),
    );
  }
}
