/**
 * The directory that keeps what outlives a process. It is made when it is first needed, for its owner alone.
 */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';

/**
 * Makes sure that the data directory is there and can be written to, and tells its absolute path.
 *
 * @throws ConfigError naming LOBBY_DATA_DIR where it cannot be made or written.
 */
export async function openDataDir({ dataDir }: { readonly dataDir: string }): Promise<string> {
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      `LOBBY_DATA_DIR is ${path}, which cannot be written (${code}), expected a directory of this user's own: ` +
        'set another one, or give this one to the user that runs the app',
    ]);
  }
}
