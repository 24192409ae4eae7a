/**
 * The secret that makes processes one cluster, and the keys that come from it.
 *
 * Given by LOBBY_SECRET. Where everything is on loopback it may be left out: the first process makes one and
 * keeps it in the data directory. Invariant: all processes that share a data directory end with the same
 * secret, also when they start at the same instant. A whole file gets the name at once (link), and only the
 * first link counts.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config-error.ts';
import { openDataDir } from './data-dir.ts';
import { SAFE_SECRET_BYTES } from './config-rules.ts';
import { reachableHost } from './reachable-host.ts';
import type { Hosts } from './reachable-host.ts';

const SECRET_BYTES = 32;
const SHORTEST_SECRET = 16;
const KEY_BYTES = 32;

/**
 * What decides about the secret: the setting itself, and every host that the app listens on or connects to.
 */
export interface SecretConfig extends Hosts {
  readonly secret: string | undefined;
  readonly dataDir: string;
  readonly host: string;
  readonly advertiseHost: string;
  readonly adminHost: string;
}

/**
 * The cluster's secret: LOBBY_SECRET, or the one that is kept in `<data>/secret` (mode 0600), made when
 * missing.
 *
 * @throws ConfigError where there is none and a host is not loopback, and where the file cannot be made or
 * read.
 */
export async function clusterSecret(config: SecretConfig): Promise<string> {
  if (config.secret !== undefined) return config.secret;
  const reachable = reachableHost(config);
  if (reachable !== undefined) {
    throw new ConfigError([
      `LOBBY_SECRET is not set while ${reachable} is not loopback, expected one secret of at least ${SAFE_SECRET_BYTES} ` +
        'bytes for all processes of the cluster: make one with `openssl rand -base64 32` and set it everywhere',
    ]);
  }
  const file = join(await openDataDir(config), 'secret');
  try {
    return checked(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unreadable(error, file);
  }
  try {
    await offerSecret(file);
    return checked(await readFile(file, 'utf8'), file);
  } catch (error) {
    throw unreadable(error, file);
  }
}

/**
 * A key of 32 bytes for one purpose (HKDF-SHA256). The same secret and purpose always give the same key; keys
 * of different purposes tell nothing about each other or about the secret.
 */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `lobby ${purpose}`, KEY_BYTES));
}

/** Makes a secret and offers it as the one of the directory. If another process was first, that one stays. */
async function offerSecret(file: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

function checked(content: string, file: string): string {
  const secret = content.trim();
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new ConfigError([
    `${file} holds ${secret.length} characters, expected at least ${SHORTEST_SECRET}: ` +
      'remove the file while no app runs, or set LOBBY_SECRET',
  ]);
}

function unreadable(error: unknown, file: string): unknown {
  if (error instanceof ConfigError) return error;
  return new ConfigError([
    `${file} cannot be read or made (${codeOf(error)}): give it to the user that runs the app, or set LOBBY_SECRET`,
  ]);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
