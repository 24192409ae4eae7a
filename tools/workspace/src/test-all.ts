// The whole check of the workspace, as `npm test` runs it: format, project references, then lint, types, build and
// tests of every project. Everything runs even when something before it failed; the last line printed is
// `N passed, N failed`, counted over all tests. The exit code is 0 only if every step was good and a test ran.

import { spawnSync } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COUNT_FILE } from './jest-count-reporter.ts';
import { addUpCounts } from './add-up-counts.ts';

/** A step that takes longer than this hangs: it is ended, and counts as failed. */
const STEP_LIMIT_MS = 14 * 60_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));

const STEPS: readonly (readonly string[])[] = [
  ['prettier', '--check', '--log-level=warn', '.'],
  ['nx', 'sync:check'],
  ['nx', 'run-many', '-t', 'lint', 'typecheck', 'build', 'test', '--outputStyle=static'],
];

/** Without the daemon Nx puts back what it kept of every run, so a count that is not there belongs to no run. */
function run([program = '', ...args]: readonly string[]): boolean {
  const env = { ...process.env, NX_DAEMON: 'false' };
  return spawnSync(program, args, { cwd: root, env, stdio: 'inherit', timeout: STEP_LIMIT_MS }).status === 0;
}

for (const file of globSync(`*/*/${COUNT_FILE}`, { cwd: root })) rmSync(`${root}${file}`);
const failedSteps = STEPS.filter((step) => !run(step)).map((step) => step.join(' '));
const { passed, failed } = addUpCounts(root);

for (const step of failedSteps) console.log(`Failed: ${step}`);
if (passed + failed === 0) console.log('Failed: no test ran');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failedSteps.length === 0 && failed === 0 && passed > 0 ? 0 : 1;
