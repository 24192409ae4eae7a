/** What `npm run sim` is told on its command line. */
import { parseArgs } from 'node:util';
import type { Extreme } from '@lobby/sim';

export interface Flags {
  /** One seed alone, to be replayed; with `trace` line by line. */
  readonly seed: number | undefined;
  readonly trace: boolean;
  /** How many seeds, from which one on. */
  readonly seeds: number;
  readonly from: number;
  /** Only seeds that have this beside ordinary life. */
  readonly having: Extreme | undefined;
  /** Threads that run them. */
  readonly workers: number;
  /** Whether bugs are to be planted, and which one; all of them where none is named. */
  readonly mutants: boolean;
  readonly mutant: string | undefined;
}

export const USAGE = `npm run sim -- [--seeds 100] [--from 1] [--workers 2]    runs seeds, tells the first violation of each
npm run sim -- --having fatRooms [--seeds 20]           of the seeds from 1 on, those that have fat rooms
npm run sim -- --seed 42 [--trace]                      replays one seed, with every line of its trace
npm run sim -- --mutants [name] [--seeds 50]            plants bugs, tells in how many seeds each is found
npm run sim -- --mutants name --seed 42 [--trace]       replays one seed with a planted bug`;

/** Throws where a flag is unknown or no number. */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      having: { type: 'string' },
      workers: { type: 'string', default: '2' },
      mutants: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  return {
    seed: values.seed === undefined ? undefined : whole('seed', values.seed),
    trace: values.trace,
    seeds: whole('seeds', values.seeds),
    from: whole('from', values.from),
    having: values.having as Extreme | undefined,
    workers: whole('workers', values.workers),
    mutants: values.mutants,
    mutant: positionals[0],
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`--${name} is "${text}": it must be a whole number`);
  return value;
}
