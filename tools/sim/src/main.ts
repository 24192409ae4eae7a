/**
 * `npm run sim`: many seeds, one seed line by line, or planted bugs. Ends with 1 where something is found
 * that should not be, or is not found that should.
 */

import { USAGE, parseFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { huntMutants } from './hunt-mutants.ts';
import { replay } from './replay.ts';
import { sweep } from './sweep.ts';

function flags(): Flags {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}

const given = flags();
const print = (line: string): void => console.log(line);
const run = given.seed !== undefined ? replay : given.mutants ? huntMutants : sweep;
process.exit((await run(given, print)) ? 0 : 1);
