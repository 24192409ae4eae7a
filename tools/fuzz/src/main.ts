/** `npm run fuzz`: feeds broken frames to whatever reads frames. Ends with 1 if one of them breaks a rule. */

import { randomInt } from 'node:crypto';
import { USAGE, parseFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { runFuzz } from './run-fuzz.ts';

function flags(): Flags {
  try {
    return parseFlags(process.argv.slice(2), () => randomInt(2 ** 32));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}

const found = await runFuzz(flags(), (line) => console.log(line));
process.exit(found === undefined ? 0 : 1);
