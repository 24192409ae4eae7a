/**
 * How a TLS transport proves who it is and whom it trusts: one interface, every default in one place, checked
 * once.
 */
import { badOption } from './errors.ts';
import { listOf, milliseconds, optional, textOf, valueThat, wholeNumber } from './options/checks.ts';
import { checked, optionsOf } from './options/option-table.ts';

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

const IP_ADDRESS = /^[\d.]+$|:/;

const pem = valueThat<Pem>(
  'PEM, as text or a Buffer',
  (given) => (typeof given === 'string' && given !== '') || given instanceof Uint8Array,
);
const serverName = valueThat<string>(
  'the name in the certificate, and no IP address',
  (given) => typeof given === 'string' && given !== '' && given.length <= 255 && !IP_ADDRESS.test(given),
);

const TRUST = { ca: optional(pem), servername: optional(serverName) };

/** Whom a connector trusts, for those who have no certificate of their own. */
export const tlsTrustCheck = optionsOf<Pick<TlsConnectorOptions, 'ca' | 'servername'>>(TRUST);

const connector = optionsOf<TlsConnectorOptions>({ ...TRUST, cert: optional(pem), key: optional(pem) });

const server = optionsOf<TlsServerOptions>({ cert: pem, key: pem, clientCa: optional(pem) });

const CHECKED = optionsOf<CheckedTlsOptions>(
  {
    server: optional(server),
    connector,
    proxies: optional(listOf(textOf({ maximum: 64 }))),
    handshakeTimeoutMs: milliseconds,
    maxHandshakes: wholeNumber(1),
  },
  DEFAULTS,
);

/** The options with the defaults filled in, frozen. Throws a `NetFrameError` of code `bad_option`. */
export function tlsOptions(given: TlsTransportOptions): CheckedTlsOptions {
  const options = checked(given, CHECKED, { bad: badOption });
  const { cert, key } = options.connector;
  if ((cert === undefined) !== (key === undefined))
    throw badOption(
      'a connector has a certificate without its key, or a key without its certificate: give both or neither',
    );
  return options;
}
