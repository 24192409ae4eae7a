/**
 * What a frame may cost: a millisecond and a mebibyte for every 16 KiB or part of them. A dear one is looked
 * at again before it is called a finding, because other processes, the collector and code that is not
 * compiled yet cost too.
 *
 * The least of many short runs is free of what others did meanwhile, as long as one of them was not
 * interrupted. Where all seem too long, the CPU time of this thread decides, over so many runs that the
 * coarse clock of the system is fine enough for it.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Finding } from '../finding.ts';

export interface CostLimits {
  /** Milliseconds for every part. */
  readonly milliseconds: number;
  /** Bytes that what was read of a part may hold. */
  readonly bytes: number;
}

export const COST_LIMITS: CostLimits = Object.freeze({ milliseconds: 1, bytes: 1024 * 1024 });

const PART_BYTES = 16 * 1024;
/**
 * What parsing the yardstick takes on the machine that the limit is meant for, in milliseconds, when nothing
 * else runs on it.
 */
const USUAL_YARDSTICK_MS = 0.2;
/** The limit grows with how slow this machine is: at most so many times. */
const MOST_SLOWDOWN = 8;
const YARDSTICK = JSON.stringify(Array.from({ length: 1_000 }, (_, at) => ({ [`key ${at}`]: at })));
const YARDSTICK_RUNS = 20;
const REPEATS = 5;
/** The system counts CPU time in steps of some milliseconds. */
const CPU_BATCH_MS = 60;
const MOST_BATCH_RUNS = 500;
/**
 * Between two rounds the code is run until it is compiled: a slow first time is nothing that a peer could ask
 * for twice.
 */
const ROUNDS = 4;
const WARM_UP_RUNS = 300;
const MOST_WARM_UP_MS = 1_000;
/**
 * What is left behind on the way may be as much again as what is kept, and twice that for lists that grow.
 */
const GARBAGE_FACTOR = 4;
const KEPT_RESULTS = 16;
const MEMORY_REPEATS = 9;
/** What measuring costs by itself. */
const SPARE_BYTES = 16 * 1024;

export class CostCheck {
  readonly #limits: CostLimits;
  /** Frames that were looked at again, and passed. */
  repeated = 0;

  constructor(limits: CostLimits = COST_LIMITS) {
    this.#limits = limits;
  }

  /** Milliseconds that so many bytes may take, which may be several frames. */
  milliseconds(bytes: number, frames = 1): number {
    return Math.max(frames, parts(bytes)) * this.#limits.milliseconds;
  }

  /**
   * Runs again what seemed to take too long, and throws a `Finding` where it takes too long every time. Once
   * within the limit is enough: in the other runs something else was at work, too.
   */
  slow(frameBytes: number, run: () => unknown): void {
    this.repeated += 1;
    const most = this.milliseconds(frameBytes);
    let leastMs = Infinity;
    for (let round = ROUNDS; round > 0; round -= 1) {
      if (round < ROUNDS) warmUp(run);
      for (let left = REPEATS; left > 0; left -= 1) {
        leastMs = Math.min(leastMs, milliseconds(run));
        if (leastMs <= most) return;
      }
    }
    this.judge(Math.min(leastMs, cpuMilliseconds(run)), frameBytes);
  }

  /** Throws a `Finding` where this is too long for so many bytes; it must be the least of several times. */
  judge(leastMs: number, bytes: number, frames = 1): void {
    const most = this.milliseconds(bytes, frames);
    if (this.#isTooLong(leastMs, most))
      throw new Finding('slow', `${bytes} bytes took ${leastMs.toFixed(2)} ms, not ${most} ms at most`);
  }

  #isTooLong(leastMs: number, most: number): boolean {
    return leastMs > most && leastMs > most * slowdown();
  }

  /**
   * Throws a `Finding` where the results of `run` hold too much, or far too much is allocated on the way.
   * Most frames are told by the first run; `run` must leave nothing behind that grows.
   */
  memory(frameBytes: number, run: () => unknown): void {
    const most = parts(frameBytes) * this.#limits.bytes;
    if (allocated(run) <= most) return;
    this.repeated += 1;
    const typical = median(Array.from({ length: MEMORY_REPEATS }, () => allocated(run)));
    if (typical > GARBAGE_FACTOR * most)
      throw new Finding('memory', `${frameBytes} bytes allocate ${typical}, not ${GARBAGE_FACTOR * most}`);
    if (typical <= most) return;
    const kept = held(run);
    if (kept > most) throw new Finding('memory', `${frameBytes} bytes are held as ${kept}, not ${most}`);
  }
}

function milliseconds(run: () => unknown): number {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}

/** CPU time of this thread for one run, the mean of many; what waits takes none. */
function cpuMilliseconds(run: () => unknown): number {
  const begunAt = performance.now();
  const begun = process.threadCpuUsage();
  let runs = 0;
  do {
    run();
    runs += 1;
  } while (runs < MOST_BATCH_RUNS && performance.now() - begunAt < CPU_BATCH_MS);
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1_000 / runs;
}

/**
 * How much longer everything takes here and now than it should: the machine is another, or its caches and
 * cores are shared.
 */
function slowdown(): number {
  let least = Infinity;
  for (let left = YARDSTICK_RUNS; left > 0; left -= 1)
    least = Math.min(
      least,
      milliseconds(() => JSON.parse(YARDSTICK) as unknown),
    );
  return Math.min(MOST_SLOWDOWN, Math.max(1, least / USUAL_YARDSTICK_MS));
}

function warmUp(run: () => unknown): void {
  const end = performance.now() + MOST_WARM_UP_MS;
  for (let left = WARM_UP_RUNS; left > 0 && performance.now() < end; left -= 1) run();
}

function parts(frameBytes: number): number {
  return Math.max(1, Math.ceil(frameBytes / PART_BYTES));
}

/**
 * By how much one run makes the heap grow. Where it shrinks the collector ran meanwhile, and another run is
 * looked at.
 */
function allocated(run: () => unknown): number {
  for (let left = REPEATS; left > 0; left -= 1) {
    const before = heapBytes();
    run();
    const grown = heapBytes() - before;
    if (grown >= 0) return Math.max(0, grown - SPARE_BYTES);
  }
  return 0;
}

/** The bytes that one result holds: many are kept, and everything else is collected before and after. */
function held(run: () => unknown): number {
  const collect = collector();
  const results: unknown[] = new Array(KEPT_RESULTS).fill(undefined);
  collect();
  const before = heapBytes();
  for (let at = 0; at < KEPT_RESULTS; at += 1) results[at] = run();
  collect();
  const grown = heapBytes() - before;
  return Math.floor(grown / results.length);
}

function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** The middle of those that no collection spoiled; 0 where it spoiled all. */
function median(grown: readonly number[]): number {
  const whole = grown.filter((bytes) => bytes > 0).sort((a, b) => a - b);
  return whole[Math.floor(whole.length / 2)] ?? 0;
}

let collect: (() => void) | undefined;

/** Node has no other way to its collector in a process that was started without the flag. */
function collector(): () => void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  return collect;
}
