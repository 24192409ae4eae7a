/** The command line, read once: what is measured, of whom, and what becomes of it. */

import { parseArgs } from 'node:util';

export interface Arguments {
  /** Scenarios by their ids; all if empty. */
  readonly scenarios: readonly string[];
  /** Each scenario's own if left out. */
  readonly rounds: number | undefined;
  readonly quick: boolean;
  /** Contenders by their ids; all if left out. */
  readonly only: readonly string[] | undefined;
  readonly peers: boolean;
  readonly write: boolean;
  readonly defences: boolean;
  /** A directory for profiles of the servers' CPU time. */
  readonly profile: string | undefined;
}

export const USAGE = `npm run bench -- [scenario ...] [options]

  P1 P2 P3 P4 P5 P6 P8 P10 P11
                           what to measure; all of them if left out
  --rounds <n>             rounds, 5 if left out (P8: 15, P10: 2), 2 with --quick; a round of P8 is a slice
                           of 1.5 s of each contender, all of which stand side by side, warm
  --quick                  short and small: to try it, not to know
  --only <id,id>           only these contenders, such as ours,limit,colyseus; ours is every one that is
                           Lobby's, whatever its id (P5 and P10 have several)
  --peers none             only ours and the limit: nothing is installed
  --write                  keeps the results, and writes docs/benchmarks.md and the README from them
  --defences               what our limits and checks cost, instead
  --profile <directory>    where the server's CPU time goes: the hottest functions, and .cpuprofile files, of
                           the last round each; not of those that serve in several processes
  --help                   this
`;

/** Throws a `TypeError` that says what is wrong. `undefined` where help is asked for. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      peers: { type: 'string', default: 'all' },
      write: { type: 'boolean', default: false },
      defences: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1))
    throw new TypeError(`--rounds is ${values.rounds}: give a whole number from 1`);
  if (values.peers !== 'all' && values.peers !== 'none')
    throw new TypeError(`--peers is ${values.peers}: give "none", or leave it out`);
  return {
    scenarios: positionals.map((id) => id.toUpperCase()),
    rounds,
    quick: values.quick,
    only: values.only?.split(',').map((id) => id.trim()),
    peers: values.peers === 'all',
    write: values.write,
    defences: values.defences,
    profile: values.profile,
  };
}
