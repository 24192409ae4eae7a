/** Waiting for a condition, with an end: the only way in which anything here waits for other processes. */

import { ClusterError } from './cluster-error.ts';

export interface EventuallyOptions {
  /** Milliseconds after which it is too late; 15 s if left out. */
  readonly withinMs?: number;
  /** Milliseconds between two looks; 10 if left out. */
  readonly everyMs?: number;
}

/**
 * Looks until `look` finds something: anything but `undefined` and `false`, which it then resolves with. What
 * `look` throws means "not yet". Rejects with a `ClusterError` of code `late` that says `what` was waited
 * for, and what the last look threw.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { withinMs = 15_000, everyMs = 10 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let fault: unknown;
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (error instanceof ClusterError && error.code !== 'late') throw error;
      fault = error;
    }
    if (performance.now() >= deadline) {
      const why = fault instanceof Error ? `: ${fault.message}` : '';
      throw new ClusterError('late', `not within ${withinMs} ms: ${what}${why}`, { cause: fault });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
