// What a process has cost so far, told by itself.

import type { Usage } from './contender.ts';

/** With `collect` its memory is that after a garbage collection. */
export function usageOfProcess(collect: boolean): Usage {
  if (collect) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}
