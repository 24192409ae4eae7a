/** What one call costs, both its ends together: one after the other, in CPU time. */

import type { Measures } from '../contender.ts';
import { summary } from '../run/statistics.ts';
import { threadTime } from './thread-time.ts';

const US = 1_000;

export interface CallSeries {
  readonly times: number;
  /** Before those that count. */
  readonly warmUps: number;
}

/** The CPU time of what is asked, in microseconds. */
export async function costOf(act: () => Promise<unknown>): Promise<number> {
  const began = threadTime();
  await act();
  return (threadTime() - began) * US;
}

/** Median and 99th percentile of a call, in microseconds: `<name>P50Us`, `<name>P99Us`. */
export async function callTimes(
  name: string,
  call: (nth: number) => Promise<unknown>,
  { times, warmUps }: CallSeries,
): Promise<Measures> {
  for (let nth = 0; nth < warmUps; nth += 1) await call(nth);
  const costs: number[] = [];
  for (let nth = 0; nth < times; nth += 1) costs.push(await costOf(() => call(warmUps + nth)));
  costs.sort((a, b) => a - b);
  return {
    [`${name}P50Us`]: middle(costs),
    [`${name}P99Us`]: costs[Math.floor(0.99 * times)] as number,
  };
}

/** The median. Throws where there is nothing of which it could be. */
export function middle(numbers: readonly number[]): number {
  const found = summary(numbers);
  if (found === undefined) throw new Error('nothing was measured');
  return found.median;
}
