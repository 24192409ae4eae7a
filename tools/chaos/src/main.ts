/**
 * `npm run chaos`: a run with its check, the check of a file alone, or a drill. Ends with 1 where something
 * was not as it must be.
 */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHistory } from './check/check-history.ts';
import { reportOf } from './check/report.ts';
import { runDrill } from './drills/run-drill.ts';
import { USAGE, parseFlags } from './flags.ts';
import type { Command } from './flags.ts';
import { readHistory } from './history/read-history.ts';
import { runChaos } from './run/run-chaos.ts';

const MOST_REPORTS = 10;

function print(line: string): void {
  console.log(line);
}

function command(): Command {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}

/** Tells what is wrong; true where nothing is. */
async function check(file: string, timing: boolean): Promise<boolean> {
  const history = await readHistory(file);
  const found = checkHistory(history, { timing });
  for (const violation of found.slice(0, MOST_REPORTS)) print(`\n${reportOf(violation, history)}`);
  const { lines, calls, links } = history;
  print(`\n${file}: ${lines.length} lines, ${links.size} connections, ${calls.length} calls`);
  print(found.length === 0 ? 'every invariant holds' : `${found.length} violations`);
  return found.length === 0;
}

async function run(asked: Extract<Command, { kind: 'run' }>): Promise<boolean> {
  const { seed, minutes, users, fronts, paceMs } = asked;
  const file = asked.file ?? join(tmpdir(), `lobby-chaos-${seed}-${Date.now()}.jsonl`);
  print(`seed ${seed}, history in ${file}`);
  await runChaos({ seed, seconds: minutes * 60, users, fronts, paceMs, file, print });
  return check(file, true);
}

const asked = command();
switch (asked.kind) {
  case 'check':
    process.exitCode = (await check(asked.file, asked.timing)) ? 0 : 1;
    break;
  case 'run':
    process.exitCode = (await run(asked)) ? 0 : 1;
    break;
  case 'drill':
    process.exitCode = (await runDrill({ ...asked, print })) ? 0 : 1;
    break;
}
