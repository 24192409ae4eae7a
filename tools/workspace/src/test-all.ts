/**
 * The whole check of the workspace, as `npm test` runs it: format, project references, lint, types and build,
 * what nobody uses, circles, and the tests of every project. Nx keeps what it ran: what nothing has changed
 * for is not run again. Everything runs even when something before it failed; the last line printed is
 * `N passed, N failed`, counted over all tests. The exit code is 0 only if every command was good and a test
 * ran.
 */

import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COUNT_FILE, FAULT_COUNT_FILE } from './jest-count-reporter.ts';
import { addUpCounts } from './add-up-counts.ts';

/** A command that takes longer than this hangs: it is ended, and counts as failed. */
const COMMAND_LIMIT_MS = 14 * 60_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));

type Command = readonly string[];

/** `targets` is a list with commas; `more` are options of `nx run-many`. */
function nx(targets: string, ...more: readonly string[]): Command {
  return ['nx', 'run-many', '-t', targets, '--outputStyle=static', ...more];
}

/**
 * Projects whose tests start the five apps and mostly wait for them: one of these at a time fits beside what
 * only works.
 */
const WAITING = '@lobby/cluster,@lobby/load';
const OTHERS = `*,!${WAITING.replaceAll(',', ',!')}`;
const CHECKS = 'check-format,check-lint,check-typed-lint,check-types,check-exports,check-circles';

/**
 * Stages one after the other, the lanes of a stage side by side, the commands of a lane one after the other.
 * What needs both cores and no process of the lobby comes first; then what waits and what works share the
 * machine.
 */
const STAGES: readonly (readonly (readonly Command[])[])[] = [
  [[['nx', 'sync:check'], nx(CHECKS, '--projects=@lobby/workspace', '--parallel=2')]],
  [
    [nx('test', `--projects=${WAITING}`, '--parallel=1')],
    [nx('test-faults', '--parallel=1')],
    [nx('test', `--projects=${OTHERS}`, '--parallel=1')],
  ],
];

/** Resolves with what failed: nothing, or the command. */
function run([program = '', ...args]: Command): Promise<readonly string[]> {
  const env = {
    ...process.env,
    // Without the daemon Nx puts back what it kept of every run: a count that is not there belongs to no run.
    NX_DAEMON: 'false',
    // Jest, ESLint and Nx start thirty times: each finds its modules compiled.
    NODE_COMPILE_CACHE: `${root}node_modules/.cache/node-compile`,
  };
  const child = spawn(program, args, { cwd: root, env, stdio: 'inherit', timeout: COMMAND_LIMIT_MS });
  const shown = [program, ...args].join(' ');
  return new Promise((resolve) => {
    child.on('error', (error) => resolve([`${shown}: ${error.message}`]));
    child.on('exit', (code) => resolve(code === 0 ? [] : [shown]));
  });
}

/** Resolves with the commands that failed. */
async function runLane(commands: readonly Command[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const command of commands) failed.push(...(await run(command)));
  return failed;
}

for (const file of globSync([`*/*/${COUNT_FILE}`, `*/*/${FAULT_COUNT_FILE}`], { cwd: root }))
  rmSync(`${root}${file}`);
const failedCommands: string[] = [];
for (const lanes of STAGES) failedCommands.push(...(await Promise.all(lanes.map(runLane))).flat());
const { passed, failed } = addUpCounts(root);

for (const command of failedCommands) console.log(`Failed: ${command}`);
if (passed + failed === 0) console.log('Failed: no test ran');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failedCommands.length === 0 && failed === 0 && passed > 0 ? 0 : 1;
