// The whole check of the workspace, as `npm test` runs it: format, project references, lint, types and build, then the tests of
// every project. Lint and types are one process each for all projects, side by side, because each project's own would read
// the same types again; `nx affected` has them project by project. Everything runs even when something before it failed; the
// last line printed is `N passed, N failed`, counted over all tests. The exit code is 0 only if every step was good and a test ran.

import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COUNT_FILE } from './jest-count-reporter.ts';
import { addUpCounts } from './add-up-counts.ts';

/** A step that takes longer than this hangs: it is ended, and counts as failed. */
const STEP_LIMIT_MS = 14 * 60_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const projects = globSync('{packages,apps,tools}/*/tsconfig.json', { cwd: root }).sort();

/** One after the other; the commands of a step side by side. */
const STEPS: readonly (readonly (readonly string[])[])[] = [
  [
    ['prettier', '--check', '--log-level=warn', '.'],
    ['nx', 'sync:check'],
  ],
  [
    ['eslint', '.'],
    ['oxlint'],
    ['tsc', '--build', ...projects],
  ],
  [['nx', 'run-many', '-t', 'test', '--outputStyle=static']],
];

/** Resolves with what failed: nothing, or the command. */
function run([program = '', ...args]: readonly string[]): Promise<readonly string[]> {
  // Without the daemon Nx puts back what it kept of every run, so a count that is not there belongs to no run.
  const env = { ...process.env, NX_DAEMON: 'false' };
  const child = spawn(program, args, { cwd: root, env, stdio: 'inherit', timeout: STEP_LIMIT_MS });
  const shown = [program, ...args.slice(0, 3)].join(' ');
  return new Promise((resolve) => {
    child.on('error', (error) => resolve([`${shown}: ${error.message}`]));
    child.on('exit', (code) => resolve(code === 0 ? [] : [shown]));
  });
}

for (const file of globSync(`*/*/${COUNT_FILE}`, { cwd: root })) rmSync(`${root}${file}`);
const failedSteps: string[] = [];
for (const step of STEPS) failedSteps.push(...(await Promise.all(step.map(run))).flat());
const { passed, failed } = addUpCounts(root);

for (const step of failedSteps) console.log(`Failed: ${step}`);
if (passed + failed === 0) console.log('Failed: no test ran');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failedSteps.length === 0 && failed === 0 && passed > 0 ? 0 : 1;
