/**
 * What a person is told when an app does not start: one line that names the setting, for every fault that is
 * to be expected. A fault that nobody expected has no line; its stack is for the log.
 */
import { ConfigError } from './config-error.ts';
import { settings } from './settings.ts';
import type { SettingTable } from './settings.ts';

/** The app that did not start: its table, and the values as far as they were loaded. */
export interface FailedApp {
  readonly table: SettingTable;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The line for `error`, or undefined where it is a fault of the program. */
export function startFault(error: unknown, app: FailedApp): string | undefined {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port}${named(app, port)} is taken by another process: stop it or set another port`;
    case 'EACCES':
      if (port === undefined) return undefined;
      return `port ${port}${named(app, port)} may not be opened by this user: set a port from 1024 to 65535`;
    case 'EADDRNOTAVAIL':
      return `host ${address}${named(app, address)} is not an address of this machine: set one that is, or 127.0.0.1`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      const { hostname } = error as { hostname?: string };
      return `host ${hostname}${named(app, hostname)} is not known: set a name that resolves, or an IP address`;
    }
    default:
      // The project's own errors have such a code, and say in their message what is wrong and what to do.
      return code !== undefined && /^[a-z]+(_[a-z]+)*$/.test(code) ? error.message : undefined;
  }
}

/** ` (LOBBY_...)` for the setting that holds `value`, where there is one. */
function named({ table, values }: FailedApp, value: unknown): string {
  const names = Object.entries(table)
    .filter(([key]) => value !== undefined && values[key] === value)
    .map(([, { env }]) => env)
    .filter((env) => env !== settings.advertiseHost.env);
  return names.length === 0 ? '' : ` (${names.join(' or ')})`;
}
