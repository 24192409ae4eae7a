/** How a client connects: one interface, every default in one place, checked once. */
import { NetFrameError, nodePlatform, tlsTransport } from '@lobby/net-frame';
import type { Address, Platform, TlsConnectorOptions } from '@lobby/net-frame';
import {
  checked,
  hostName,
  milliseconds,
  objectWith,
  optional,
  optionsOf,
  or,
  platformCheck,
  portNumber,
  textOf,
  tlsTrustCheck,
} from '@lobby/net-frame/options';
import type { Log } from '@lobby/pulse';
import { ClientError, badOption } from './errors.ts';

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
  /** Whole milliseconds that making the connection may take; the welcome may take 5 s more. */
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

export type CheckedClientOptions = Readonly<Required<Omit<LobbyClientOptions, 'log'>>> &
  Pick<LobbyClientOptions, 'log'>;

const CHECKED = optionsOf<CheckedClientOptions>(
  {
    host: hostName,
    port: portNumber,
    agent: textOf({ maximum: 128 }),
    connectTimeoutMs: milliseconds,
    tls: or(true, or(false, tlsTrustCheck)),
    platform: platformCheck,
    log: optional(objectWith<Log>('debug', 'info', 'warn', 'error')),
  },
  { agent: 'lobby-client', connectTimeoutMs: 3_000, tls: false, platform: nodePlatform() },
);

/** The options with the defaults filled in, frozen. Throws a `ClientError` of code `bad_option`. */
export function clientOptions(given: LobbyClientOptions): CheckedClientOptions {
  const options = checked(given, CHECKED, { bad: badOption });
  return options.tls === false ? options : Object.freeze({ ...options, platform: overTls(options) });
}

/** The platform with TLS below. */
function overTls({ tls, platform }: CheckedClientOptions): Platform {
  const { clock, random } = platform;
  const connector: TlsConnectorOptions = typeof tls === 'object' ? tls : {};
  try {
    const nextSessionKey = (): number => platform.nextSessionKey();
    return Object.freeze({ clock, random, transport: tlsTransport({ connector }), nextSessionKey });
  } catch (error) {
    if (error instanceof NetFrameError)
      throw new ClientError('bad_option', `tls: ${error.message}`, { cause: error });
    throw error;
  }
}
