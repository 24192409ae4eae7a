/**
 * The machine that measures: what it is, whether processes can be pinned to cores, and whether somebody else
 * uses it meanwhile.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** Whether a program is there to be run. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** The cores of the server and of the loads; `undefined` where nothing can be pinned. */
export function cores(): { readonly server: number; readonly load: number } | undefined {
  return process.platform === 'linux' && availableParallelism() >= 2 && hasProgram('taskset')
    ? { server: 0, load: 1 }
    : undefined;
}

/** Milliseconds of CPU time: of the whole machine, and of this process with all that it has started. */
export interface BusyTimes {
  readonly allMs: number;
  readonly ownMs: number;
  readonly atMs: number;
}

const MS_PER_TICK = 10;

/** `undefined` where the system does not tell. */
export function busyTimes(): BusyTimes | undefined {
  try {
    const [user = 0, nice = 0, system = 0, , , , , steal = 0] = (
      readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
    )
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return {
      allMs: (user + nice + system + steal) * MS_PER_TICK,
      ownMs: ticksOfTree(process.pid) * MS_PER_TICK,
      atMs: performance.now(),
    };
  } catch {
    return undefined;
  }
}

/** By how many cores the machine was used by others between the two. */
export function foreignCores(from: BusyTimes | undefined, to: BusyTimes | undefined): number {
  if (from === undefined || to === undefined) return 0;
  const foreignMs = to.allMs - from.allMs - (to.ownMs - from.ownMs);
  return Math.max(0, foreignMs) / (to.atMs - from.atMs);
}

/** Milliseconds of CPU time that a process has used; 0 where there is none. */
export function cpuMsOf(pid: number): number {
  return (processTimes(String(pid))?.ticks ?? 0) * MS_PER_TICK;
}

function ticksOfTree(root: number): number {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? processTimes(name) : undefined;
    if (times === undefined) continue;
    const pid = Number(name);
    ticks.set(pid, times.ticks);
    children.set(times.parent, [...(children.get(times.parent) ?? []), pid]);
  }
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + sum(child), ticks.get(pid) ?? 0);
  return sum(root);
}

function processTimes(pid: string): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; what follows it is fixed: state, parent, ..., user and
    // system time.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
