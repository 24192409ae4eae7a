/** `npm run demo`: the journey, printed step by step. Ends with 1 if a step fails. */

import { USAGE, parseFlags } from './flags.ts';
import type { Fronts } from './flags.ts';
import { runJourney } from './journey.ts';

function fronts(): Fronts {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}

const { fault } = await runJourney({ ...fronts(), print: (line) => console.log(line) });
process.exit(fault === undefined ? 0 : 1);
