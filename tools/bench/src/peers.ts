/**
 * The libraries of others: a package of their own, installed when they are first needed, so that an ordinary
 * install of the workspace brings none of them.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
const LOCK_FILE = `${PACKAGE}package-lock.json`;
/** npm writes it at the end of an install. */
const INSTALLED = `${PACKAGE}node_modules/.package-lock.json`;

interface PackageFile {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Installs what the lock file names, unless that was done since it was last changed. Throws where npm fails.
 */
export function installPeers(progress: (line: string) => void): void {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK_FILE).mtimeMs) return;
  progress('Installing what others made, to measure beside it: npm ci in tools/bench');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: PACKAGE,
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error('npm ci failed in tools/bench: measure without the others with --peers none', {
      cause: error,
    });
}

/** The installed versions of the peers, by name; those that are not installed are missing. */
export function peerVersions(): Record<string, string> {
  const { dependencies = {} } = packageFile(`${PACKAGE}package.json`) ?? {};
  return Object.fromEntries(
    Object.keys(dependencies).flatMap((name) => {
      const { version } = packageFile(`${PACKAGE}node_modules/${name}/package.json`) ?? {};
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

function packageFile(path: string): PackageFile | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PackageFile) : undefined;
}
