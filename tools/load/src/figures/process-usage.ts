/**
 * What a process of this machine takes, from /proc: nothing is asked of the process itself, which has other
 * things to do.
 */

import { readFileSync } from 'node:fs';

export interface Usage {
  readonly rssBytes: number;
  /** Seconds of one core, since its start. */
  readonly cpuSeconds: number;
}

const PAGE_BYTES = 4_096;
/** What Linux calls USER_HZ; it is the same on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat behind the name, which may hold anything and ends with the last bracket. */
const UTIME = 11;
const STIME = 12;

/** `undefined` where there is no such process, or no /proc. */
export function usageOf(pid: number | undefined): Usage | undefined {
  if (pid === undefined) return undefined;
  try {
    const [, residentPages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      rssBytes: Number(residentPages) * PAGE_BYTES,
      cpuSeconds: (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined;
  }
}

/** How much of a core a process takes, from one look to the next. */
export class CpuShare {
  #cpuSeconds: number | undefined;
  #atMs = 0;

  /** From 0 on, 1 is a whole core; 0 at the first look. */
  look({ cpuSeconds }: Usage, nowMs: number): number {
    const before = this.#cpuSeconds;
    const passedMs = nowMs - this.#atMs;
    this.#cpuSeconds = cpuSeconds;
    this.#atMs = nowMs;
    return before === undefined || passedMs <= 0 ? 0 : ((cpuSeconds - before) * 1_000) / passedMs;
  }
}
