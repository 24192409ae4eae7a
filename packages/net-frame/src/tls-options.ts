/**
 * How a TLS transport proves who it is and whom it trusts: one interface, every default in one place, checked
 * once.
 */
import { NetFrameError } from './errors.ts';

/** Certificates and keys are PEM, as they stand in their files. */
type Pem = string | Buffer;

/** What listens. */
export interface TlsServerOptions {
  /** The certificate, with those between it and its authority. */
  readonly cert: Pem;
  readonly key: Pem;
  /**
   * With it TLS is mutual: nobody is accepted without a certificate that this authority signed for a client.
   */
  readonly clientCa?: Pem;
}

/** What connects. */
export interface TlsConnectorOptions {
  /** The authority that the other side's certificate must come from; those that Node knows if left out. */
  readonly ca?: Pem;
  /** The own certificate, for a port that wants one; `cert` and `key` come together. */
  readonly cert?: Pem;
  readonly key?: Pem;
  /**
   * The name that the other side's certificate must bear, where it isn't the host that is connected to. No IP
   * address.
   */
  readonly servername?: string;
}

export interface TlsTransportOptions {
  /** Without it nothing can listen. */
  readonly server?: TlsServerOptions;
  readonly connector?: TlsConnectorOptions;
  /**
   * The load balancers that must write a PROXY header before the handshake of each client; none if left out.
   */
  readonly proxies?: readonly string[];
  /**
   * Milliseconds in which whoever connects must be through, PROXY header and handshake together; 5 s if left
   * out.
   */
  readonly handshakeTimeoutMs?: number;
  /**
   * Unfinished handshakes of one listener, 1,000 if left out. Beyond them the oldest is ended, and `failed`
   * is called.
   */
  readonly maxHandshakes?: number;
}

export type CheckedTlsOptions = TlsTransportOptions &
  Required<Pick<TlsTransportOptions, 'connector' | 'handshakeTimeoutMs' | 'maxHandshakes'>>;

const NOBODY: TlsConnectorOptions = Object.freeze({});
const DEFAULTS = Object.freeze({
  connector: NOBODY,
  handshakeTimeoutMs: 5_000,
  maxHandshakes: 1_000,
});

const KNOWN = {
  options: ['server', 'proxies', ...Object.keys(DEFAULTS)],
  server: ['cert', 'key', 'clientCa'],
  connector: ['ca', 'cert', 'key', 'servername'],
} as const;
const IP_ADDRESS = /^[\d.]+$|:/;

/** The options with the defaults filled in, frozen. Throws a `NetFrameError` of code `bad_option`. */
export function tlsOptions(given: TlsTransportOptions): CheckedTlsOptions {
  refuseUnknown(given, KNOWN.options);
  const options = Object.freeze({ ...DEFAULTS, ...given });
  const { server, connector, handshakeTimeoutMs, maxHandshakes } = options;
  if (server !== undefined) refuseUnknown(server, KNOWN.server);
  refuseUnknown(connector, KNOWN.connector);
  if ((connector.cert === undefined) !== (connector.key === undefined))
    throw bad(
      'a connector has a certificate without its key, or a key without its certificate: give both or neither',
    );
  if (
    connector.servername !== undefined &&
    (connector.servername === '' || IP_ADDRESS.test(connector.servername))
  )
    throw bad(`servername is "${connector.servername}": give the name in the certificate, or leave it out`);
  if (!(Number.isInteger(handshakeTimeoutMs) && handshakeTimeoutMs > 0))
    throw bad(`handshakeTimeoutMs is ${handshakeTimeoutMs}: it must be a whole number over 0`);
  if (!(Number.isInteger(maxHandshakes) && maxHandshakes > 0))
    throw bad(`maxHandshakes is ${maxHandshakes}: it must be a whole number over 0`);
  return options;
}

function refuseUnknown(given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw bad(`unknown TLS option "${unknown}": known are ${known.join(', ')}`);
}

function bad(message: string): NetFrameError {
  return new NetFrameError('bad_option', message);
}
