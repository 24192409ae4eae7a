/**
 * The five apps by name, and what of them a cluster has to know: where their main modules are and how their
 * settings are called.
 */

import { fileURLToPath } from 'node:url';

/** The backs first: nothing is up sooner by that, but logs read better. */
export const APPS = ['lobby-master', 'room-master', 'app-front', 'lobby-runner', 'room-runner'] as const;
export type AppName = (typeof APPS)[number];

/** The apps that clients connect to; the others have service ports. */
export const FRONTS = ['app-front', 'lobby-runner', 'room-runner'] as const satisfies readonly AppName[];

/** Settings by their names in the environment, such as `LOBBY_ROOM_EMPTY_MS`. */
export type Settings = Readonly<Record<string, string>>;

/** Where an app listens. */
export interface AppPorts {
  /** Of clients, or of services. */
  readonly port: number;
  readonly adminPort: number;
}

const WORKSPACE = new URL('../../../', import.meta.url);

/** What compiling the sources has cost once is kept here: an app then starts in half the time. */
export const COMPILE_CACHE = fileURLToPath(new URL('node_modules/.cache/lobby-cluster', WORKSPACE));

/** How an app is run from its sources; the same in `nx.json`. */
export const NODE_FLAGS: readonly string[] = ['--conditions=@lobby/source', '--max-semi-space-size=4'];

export function mainModule(app: AppName): string {
  return fileURLToPath(new URL(`apps/${app}/src/main.ts`, WORKSPACE));
}

/** The settings that put an app on its ports. */
export function portSettings(app: AppName, { port, adminPort }: AppPorts): Settings {
  const name = `LOBBY_${app.toUpperCase().replaceAll('-', '_')}`;
  return { [`${name}_PORT`]: String(port), [`${name}_ADMIN_PORT`]: String(adminPort) };
}
