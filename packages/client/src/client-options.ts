/** How a client connects: one interface, every default in one place, checked once. */
import { nodePlatform } from '@lobby/net-frame';
import type { Address, Platform } from '@lobby/net-frame';
import type { Log } from '@lobby/pulse';
import { ClientError } from './errors.ts';

export interface LobbyClientOptions extends Address {
  /** A word about the program, of up to 128 characters, for the server's log. */
  readonly agent?: string;
  /** Milliseconds that making the connection may take; the welcome may take 5 s more. */
  readonly connectTimeoutMs?: number;
  /** Time, chance and transport; the real ones if left out. */
  readonly platform?: Platform;
  /** Told of what goes wrong in handlers. Without it such an error is an uncaught exception, as it is anywhere else. */
  readonly log?: Log | undefined;
}

export type CheckedClientOptions = Readonly<Required<LobbyClientOptions>>;

const DEFAULTS = Object.freeze({
  agent: 'lobby-client',
  connectTimeoutMs: 3_000,
  platform: nodePlatform(),
  log: undefined,
});
const KNOWN = ['host', 'port', ...Object.keys(DEFAULTS)];

/** The options with the defaults filled in, frozen. Throws a `ClientError` of code `bad_option`. */
export function clientOptions(given: LobbyClientOptions): CheckedClientOptions {
  for (const key of Object.keys(given)) {
    if (!KNOWN.includes(key))
      throw new ClientError('bad_option', `unknown option "${key}": known are ${KNOWN.join(', ')}`);
  }
  const options = Object.freeze({ ...DEFAULTS, ...given });
  const { host, port, connectTimeoutMs } = options;
  if (host === '') throw new ClientError('bad_option', 'host is empty: name the host to connect to');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ClientError('bad_option', `port is ${port}: it must be an integer from 1 to 65535`);
  if (!(Number.isFinite(connectTimeoutMs) && connectTimeoutMs > 0))
    throw new ClientError('bad_option', `connectTimeoutMs is ${connectTimeoutMs}: it must be over 0`);
  return options;
}
