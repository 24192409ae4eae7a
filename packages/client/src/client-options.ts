/** How a client connects: one interface, every default in one place, checked once. */
import { NetFrameError, nodePlatform, tlsTransport } from '@lobby/net-frame';
import type { Address, Platform, TlsConnectorOptions } from '@lobby/net-frame';
import type { Log } from '@lobby/pulse';
import { ClientError } from './errors.ts';

/** How the fronts prove who they are. */
export interface ClientTls {
  /** The authority that their certificates must come from, as PEM; those that Node knows if left out. */
  readonly ca?: string | Buffer;
  /** The name that each of their certificates must bear, where it isn't the host that is connected to. */
  readonly servername?: string;
}

export interface LobbyClientOptions extends Address {
  /** A word about the program, of up to 128 characters, for the server's log. */
  readonly agent?: string;
  /** Milliseconds that making the connection may take; the welcome may take 5 s more. */
  readonly connectTimeoutMs?: number;
  /**
   * Speaks TLS 1.3, with the front and with those that seats lead to. `true` trusts the authorities that Node
   * knows.
   */
  readonly tls?: boolean | ClientTls;
  /** Time, chance and transport; the real ones if left out. With `tls` its transport is not used. */
  readonly platform?: Platform;
  /**
   * Told of what goes wrong in handlers. Without it such an error is an uncaught exception, as it is anywhere
   * else.
   */
  readonly log?: Log | undefined;
}

export type CheckedClientOptions = Readonly<Required<LobbyClientOptions>>;

const DEFAULTS = Object.freeze({
  agent: 'lobby-client',
  connectTimeoutMs: 3_000,
  tls: false,
  platform: nodePlatform(),
  log: undefined,
});
const KNOWN = ['host', 'port', ...Object.keys(DEFAULTS)];
const KNOWN_TLS = ['ca', 'servername'];

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
  return options.tls === false ? options : Object.freeze({ ...options, platform: overTls(options) });
}

/** The platform with TLS below. */
function overTls({ tls, platform }: CheckedClientOptions): Platform {
  const { clock, random } = platform;
  const connector: TlsConnectorOptions = typeof tls === 'object' ? tls : {};
  const unknown = Object.keys(connector).find((key) => !KNOWN_TLS.includes(key));
  if (unknown !== undefined)
    throw new ClientError('bad_option', `unknown option "tls.${unknown}": known are ${KNOWN_TLS.join(', ')}`);
  try {
    const nextSessionKey = (): number => platform.nextSessionKey();
    return Object.freeze({ clock, random, transport: tlsTransport({ connector }), nextSessionKey });
  } catch (error) {
    if (error instanceof NetFrameError)
      throw new ClientError('bad_option', `tls: ${error.message}`, { cause: error });
    throw error;
  }
}
