/** One seed again: the whole trace where it is asked for, else the last lines before what was found. */
import { mutantOf } from './mutants/catalogue.ts';
import { plant } from './mutants/plant.ts';
import type { Flags } from './flags.ts';

const LAST_LINES = 40;

/** Resolves with whether nothing was found. */
export async function replay(flags: Flags, print: (line: string) => void): Promise<boolean> {
  const { seed = 1, trace, mutant } = flags;
  if (mutant !== undefined) plant(mutantOf(mutant));
  const { formatLine, simulate } = await import('@lobby/sim');
  const last: string[] = [];
  const { violation, atMs, steps } = await simulate({
    seed,
    read: (line) => {
      const text = formatLine(line);
      if (trace) print(text);
      else if (last.push(text) > LAST_LINES) last.shift();
    },
  });
  const at = `after ${(atMs / 1_000).toFixed(3)} s and ${steps} events`;
  if (violation === undefined) {
    print(`seed ${seed}: nothing was found, ${at}`);
    return true;
  }
  for (const line of last) print(line);
  print(`seed ${seed}: ${violation.invariant} ${at}: ${violation.message}`);
  return false;
}
