/**
 * The frame of an app's main.ts: configuration, log and host are made, the app adds its parts, everything
 * starts, and the process ends well.
 *
 * Only this file and `graceful-end.ts` end the process. A start that fails for a reason that is to be
 * expected is told in one line on the standard error; exit code 1.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { escapedLines } from '@lobby/protocol';
import { AppHost } from './app-host.ts';
import type { HostConfig } from './app-host.ts';
import { loadConfig } from './config.ts';
import type { Config } from './config.ts';
import { endGracefully } from './graceful-end.ts';
import { createLog, logForm } from './log.ts';
import type { LogLevel } from './log.ts';
import type { SettingTable } from './settings.ts';
import { startFault } from './start-fault.ts';

/** What `runApp` itself needs of the configuration. */
export interface RunConfig extends HostConfig {
  readonly logLevel: LogLevel;
  readonly logFormat: 'auto' | 'pretty' | 'json';
  readonly drainMs: number;
}

export interface AppOptions<Table extends SettingTable> {
  readonly app: string;
  /** The main module's `import.meta.url`: its package tells the version. */
  readonly module: string;
  /** Usually `appSettings(...)`. */
  readonly settings: Table;
}

const FAILED_STOP_MS = 5_000;
/** What the parts may take when the time to drain is over. */
const PARTS_STOP_MS = 20_000;

/**
 * Runs an app: loads its configuration from the environment and `.env` in the working directory, hands
 * `build` a host to add parts, routes and checks to, and starts it. Resolves when everything is up; from then
 * on the process lives until a signal. A start that fails ends the process with exit code 1.
 */
export async function runApp<Table extends SettingTable>(
  { app, module, settings: table }: AppOptions<Table> & RunsWith<Table>,
  build: (host: AppHost<Config<Table> & RunConfig>) => void | Promise<void>,
): Promise<void> {
  let values: Readonly<Record<string, unknown>> = {};
  let host: AppHost<Config<Table> & RunConfig> | undefined;
  try {
    const config = loadConfig(table, { app, env: process.env, dotenvFile: '.env' }) as Config<Table> &
      RunConfig;
    values = config;
    const log = createLog({ app, node: config.node, level: config.logLevel, ...surroundings(config) });
    const made = new AppHost({ app, version: versionOf(module), config, log });
    host = made;
    const { drainMs } = config;
    endGracefully({
      log,
      stop: ({ atOnce }) => made.stop({ drainMs: atOnce ? 0 : drainMs }),
      busyWith: () => made.busyWith,
      deadlineMs: drainMs + PARTS_STOP_MS,
    });
    await build(made);
    await made.start();
  } catch (error) {
    const line = startFault(error, { table, values });
    const told = line ?? `the start failed: ${error instanceof Error ? error.stack : String(error)}`;
    process.stderr.write(`${app}: ${escapedLines(told)}\n`);
    await Promise.race([host?.stop().catch(() => undefined), after(FAILED_STOP_MS)]);
    process.exit(1);
  }
}

/** Holds at compile time that the table has what `runApp` needs. */
type RunsWith<Table extends SettingTable> = Config<Table> extends RunConfig ? unknown : never;

function surroundings({ logFormat }: RunConfig) {
  const isTerminal = process.stdout.isTTY === true;
  const format = logForm(logFormat, { isTerminal, nxTarget: process.env['NX_TASK_TARGET_TARGET'] });
  return { format, colors: isTerminal || process.env['FORCE_COLOR'] !== undefined };
}

function versionOf(module: string): string {
  const file = findPackageJSON(module);
  const { version } =
    file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as { version?: string });
  return version ?? '0.0.0';
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
