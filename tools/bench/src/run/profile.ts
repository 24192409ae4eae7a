/**
 * Where a server's CPU time goes while it is measured, and only then: what it takes to start is no part of
 * it.
 */

import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';

const SHOWN = 15;
const BETWEEN_SAMPLES_US = 200;

/**
 * Begins to sample this process. What is returned ends it, writes the profile, and resolves with the hottest
 * functions.
 */
export async function profile(): Promise<(path: string) => Promise<string[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: BETWEEN_SAMPLES_US });
  await session.post('Profiler.start');
  return async (path) => {
    const { profile: found } = await session.post('Profiler.stop');
    session.disconnect();
    writeFileSync(path, JSON.stringify(found));
    return hottest(found);
  };
}

/**
 * The functions with the most time of their own, with their shares of the time that was neither idle nor
 * spent on profiling.
 */
export function hottest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busy = 0;
  for (const [at, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    const took = timeDeltas[at] ?? 0;
    if (name === '(idle)' || name.includes('(node:inspector:')) continue;
    busy += took;
    times.set(name, (times.get(name) ?? 0) + took);
  }
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, took]) => `${((100 * took) / busy).toFixed(1)} % ${name}`);
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} (${url.split('/').slice(-3).join('/')}:${lineNumber + 1})`;
}
