/** What a process has cost so far, told by itself. */

import type { Usage } from './contender.ts';

/**
 * All that may be collected is, and what that leaves empty goes back to the system: an ordinary collection
 * keeps a varying part of it.
 */
const THOROUGH = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const;

/** With `collect` its memory is that after a thorough garbage collection. */
export function usageOfProcess(collect: boolean): Usage {
  if (collect) globalThis.gc?.(THOROUGH);
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}
