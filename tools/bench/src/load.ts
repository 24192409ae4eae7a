/**
 * What every load has in common: it is one of several that share the connections of a variant, and it opens a
 * few at a time.
 */

import type { Served, Variant } from './contender.ts';
import type { Counter } from './counter.ts';
import type { Pace } from './pace.ts';

export interface LoadOrder {
  readonly served: Served;
  readonly variant: Variant;
  /** Which of how many loads this is. */
  readonly share: { readonly index: number; readonly of: number };
}

/** What a load works with: it tells the one what it did, and lets the other do it where it may be paused. */
export interface Instruments {
  readonly counter: Counter;
  readonly pace: Pace;
}

/** Opens everything and begins; resolves when all is open, and goes on by itself from then on. */
export type Load<Contender> = (
  contender: Contender,
  order: LoadOrder,
  instruments: Instruments,
) => Promise<void>;

const OPENED_AT_ONCE = 32;

/** Where a user goes first: each to the next process. */
export function portOf({ port, ports = [port] }: Served, user: number): number {
  return ports[user % ports.length] ?? port;
}

/** The numbers below `count` that are this load's. */
export function own(count: number, { index, of }: LoadOrder['share']): number[] {
  return Array.from({ length: count }, (_, number) => number).filter((number) => number % of === index);
}

/** `open` for each number, so many at a time, in order; resolves with what they resolve with. */
export async function openAll<T>(
  numbers: readonly number[],
  open: (number: number) => Promise<T>,
  atOnce = OPENED_AT_ONCE,
): Promise<T[]> {
  const opened: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < numbers.length) {
      const at = next;
      next += 1;
      opened[at] = await open(numbers[at] as number);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return opened;
}
