/** `npm run bench`: measures, shows a table and what was reached, and keeps it where that is asked for. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { USAGE, readArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { needsPeers, runScenarios } from './bench.ts';
import { writeGrowthPlots } from './growth/plots.ts';
import { installPeers } from './peers.ts';
import { showResult } from './report.ts';
import { keepResults } from './results.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

async function bench(args: Arguments): Promise<void> {
  const progress = (line: string): void => console.log(line);
  if (needsPeers(args)) installPeers(progress);
  const found = await runScenarios(args, progress);
  for (const result of found) console.log(`\n${showResult(result)}`);
  if (!args.write) return;
  await keepResults(found);
  writeGrowthPlots(found);
  spawnSync('npm', ['run', 'docs'], { cwd: ROOT, stdio: 'inherit' });
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args === undefined) console.log(USAGE);
  else await bench(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
