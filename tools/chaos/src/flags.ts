/** The words after `npm run chaos --`. */

import { parseArgs } from 'node:util';

export const USAGE = `npm run chaos -- [--seed N] [--minutes 5] [--users 300] [--fronts 3] [--pace 1000] [--file FILE]
npm run chaos -- --check FILE [--timing]
npm run chaos -- --drill NAME [--users N]`;

export type Command =
  | { readonly kind: 'check'; readonly file: string; readonly timing: boolean }
  | { readonly kind: 'drill'; readonly name: string; readonly users: number | undefined }
  | {
      readonly kind: 'run';
      readonly seed: number;
      readonly minutes: number;
      readonly users: number;
      readonly fronts: number;
      readonly paceMs: number;
      readonly file: string | undefined;
    };

const MOST_SEED = 1_000_000;
/** What one look at the admin endpoints shows. */
const MOST_USERS = 1_000;

/** Throws an `Error` that says what is wrong. */
export function parseFlags(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'string' },
      timing: { type: 'boolean', default: false },
      drill: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '5' },
      users: { type: 'string' },
      fronts: { type: 'string', default: '3' },
      pace: { type: 'string', default: '1000' },
      file: { type: 'string' },
    },
  });
  if (values.check !== undefined) return { kind: 'check', file: values.check, timing: values.timing };
  if (values.drill !== undefined) {
    const users = values.users === undefined ? undefined : number('users', values.users, 1, 20_000);
    return { kind: 'drill', name: values.drill, users };
  }
  const drawn = String(Math.floor(Math.random() * MOST_SEED));
  return {
    kind: 'run',
    seed: number('seed', values.seed ?? drawn, 0, Number.MAX_SAFE_INTEGER),
    minutes: number('minutes', values.minutes, 0.1, 24 * 60),
    users: number('users', values.users ?? '300', 1, MOST_USERS),
    fronts: number('fronts', values.fronts, 1, 20),
    paceMs: number('pace', values.pace, 10, 60_000),
    file: values.file,
  };
}

function number(flag: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`--${flag} is "${text}", expected a number from ${low} to ${high}`);
}
