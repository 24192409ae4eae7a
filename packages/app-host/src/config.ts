/**
 * From the environment and a `.env` file to one frozen, typed configuration.
 *
 * Reads its two sources once; knows nothing of what the settings are for. The environment wins over the file;
 * an empty variable counts as not given. Either every value is right, or one ConfigError tells everything
 * wrong.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.ts';
import { ruleFaults } from './config-rules.ts';
import { nearestName } from './nearest-name.ts';
import { expectation, isOnUnlessSet, isSameAs, readSetting, writtenDefault } from './setting.ts';
import type { Setting } from './setting.ts';
import { settings } from './settings.ts';
import type { SettingTable } from './settings.ts';

/** The loaded configuration of a table: the same keys, with the values. */
export type Config<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never;
};

export interface ConfigSources {
  /** The app's name: the default of LOBBY_NODE. */
  readonly app: string;
  /** The environment, as `process.env` has it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A file of NAME=value lines. It need not exist. Without a path none is read. */
  readonly dotenvFile?: string;
}

interface Given {
  readonly written: string;
  readonly source: string;
}

/**
 * The values of `table`, validated and frozen.
 *
 * @throws ConfigError with one line for each fault: a value that its setting does not allow, a `LOBBY_*`
 * variable that no app knows, settings that contradict each other, a `.env` file that cannot be read.
 */
export function loadConfig<Table extends SettingTable>(table: Table, sources: ConfigSources): Config<Table> {
  const faults: string[] = [];
  const given = collect(sources, faults);
  faults.push(...unknownNames(given, table));

  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(table)) {
    const found = given.get(setting.env);
    if (found === undefined) continue;
    values[key] = readSetting(setting, found.written);
    if (values[key] === undefined) faults.push(wrongValue(setting, found));
  }
  for (const [key, setting] of Object.entries(table)) {
    if (!given.has(setting.env)) values[key] = fallback(setting, table, values, sources.app);
  }

  faults.push(...ruleFaults(values));
  const [first, ...more] = faults;
  if (first !== undefined) throw new ConfigError([first, ...more]);
  return Object.freeze(values) as Config<Table>;
}

function collect({ env, dotenvFile }: ConfigSources, faults: string[]): Map<string, Given> {
  const given = new Map<string, Given>();
  const take = (from: Readonly<Record<string, string | undefined>>, source: string) => {
    for (const [name, written] of Object.entries(from)) {
      if (name.startsWith('LOBBY_') && written !== undefined && written !== '')
        given.set(name, { written, source });
    }
  };
  try {
    if (dotenvFile !== undefined) take(parseEnv(readFileSync(dotenvFile, 'utf8')), dotenvFile);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      faults.push(
        `${dotenvFile} cannot be read (${code}): make it a readable file of NAME=value lines, or remove it`,
      );
    }
  }
  take(env, 'environment');
  return given;
}

// Kubernetes puts such variables into every container for each Service: one named `lobby` makes
// LOBBY_PORT=tcp://...
const SERVICE_LINK = /_SERVICE_(HOST|PORT(_\w+)?)=|_PORT(_\d+_(TCP|UDP|SCTP))?=\w+:\/\/|_PORT_\d+_\w+=/;

function unknownNames(given: ReadonlyMap<string, Given>, table: SettingTable): string[] {
  const known = new Set(
    [...Object.values(settings), ...Object.values(table)].map(({ env }) => env as string),
  );
  return [...given]
    .filter(([name, { written }]) => !known.has(name) && !SERVICE_LINK.test(`${name}=${written}`))
    .map(([name, { source }]) => {
      const nearest = nearestName(name, known);
      const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return `${name} (${source}) is not a setting, expected one that docs/operations.md lists: correct or remove it${meant}`;
    });
}

function wrongValue(setting: Setting<unknown>, { written, source }: Given): string {
  const value = setting.sensitive ? `${written.length} characters long` : quoted(written);
  const usual = writtenDefault(setting);
  const otherwise = usual === undefined ? 'leave it out' : `leave it out for ${usual}`;
  return `${setting.env} (${source}) is ${value}, expected ${expectation(setting)}: correct it or ${otherwise}`;
}

function quoted(written: string): string {
  return JSON.stringify(written.length > 60 ? `${written.slice(0, 60)}...` : written);
}

function fallback(
  setting: Setting<unknown>,
  table: SettingTable,
  values: Readonly<Record<string, unknown>>,
  app: string,
): unknown {
  const value = setting.default;
  if (isOnUnlessSet(value)) return values[found(setting, table, value.offWhere)[0]] === undefined;
  if (!isSameAs(value)) return value;
  if (value.sameAs === 'app') return app;
  const [key, other] = found(setting, table, value.sameAs);
  // Of two that are both left out, the other may still be to come; of one that is wrong there is nothing to
  // take.
  return key in values ? values[key] : other.default;
}

/** The setting that the default of another one hangs on. */
function found(
  { env }: Setting<unknown>,
  table: SettingTable,
  wanted: string,
): readonly [key: string, setting: Setting<unknown>] {
  const entry = Object.entries(table).find(([, other]) => other.env === wanted);
  if (entry !== undefined) return entry;
  throw new TypeError(`${env} takes its default from ${wanted}: add that setting to the app's table`);
}
