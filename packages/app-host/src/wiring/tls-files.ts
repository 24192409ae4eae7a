/**
 * From the files that the TLS settings name to transports. Each file is read once, at the start, and checked
 * before anything listens: what is wrong with it is told in one line that names its setting.
 *
 * It knows nothing of which certificate is trusted by whom: that is found out by handshakes.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NetFrameError, tcpTransport, tlsTransport } from '@lobby/net-frame';
import type { Transport } from '@lobby/net-frame';
import { ConfigError } from '../config-error.ts';

/** What client ports speak TLS with, both or none, and the load balancers before them. */
export interface ClientTlsConfig {
  readonly proxies?: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** What service ports and links speak TLS with; all or none. */
export interface ServiceTlsConfig {
  readonly serviceTlsCert: string | undefined;
  readonly serviceTlsKey: string | undefined;
  readonly serviceTlsCa: string | undefined;
}

/**
 * The transport of client ports, undefined for plain TCP with nothing before it. Throws a `ConfigError` where
 * a file is no good, or a proxy is no address and no network.
 */
export function clientTransport({
  proxies: written,
  tlsCert,
  tlsKey,
}: ClientTlsConfig): Transport | undefined {
  const proxies = written?.split(',') ?? [];
  if (tlsCert === undefined || tlsKey === undefined)
    return written === undefined ? undefined : overProxies(written, () => tcpTransport({ proxies }));
  const server = certificateAndKey(
    new PemFile('LOBBY_TLS_CERT', tlsCert),
    new PemFile('LOBBY_TLS_KEY', tlsKey),
  );
  return overProxies(written, () => tlsTransport({ server, proxies }));
}

function overProxies(written: string | undefined, make: () => Transport): Transport {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NetFrameError) || written === undefined) throw error;
    throw new ConfigError([`LOBBY_PROXIES is ${written}, in which ${error.message}`]);
  }
}

/**
 * The transport of service ports and of links to them, undefined for plain TCP. Both ends must have a
 * certificate of the one authority. Throws a `ConfigError` where a file is no good.
 */
export function serviceTransport(config: ServiceTlsConfig): Transport | undefined {
  const { serviceTlsCert, serviceTlsKey, serviceTlsCa } = config;
  if (serviceTlsCert === undefined || serviceTlsKey === undefined || serviceTlsCa === undefined)
    return undefined;
  const own = certificateAndKey(
    new PemFile('LOBBY_SERVICE_TLS_CERT', serviceTlsCert),
    new PemFile('LOBBY_SERVICE_TLS_KEY', serviceTlsKey),
  );
  const authority = new PemFile('LOBBY_SERVICE_TLS_CA', serviceTlsCa);
  authority.certificate();
  const ca = authority.content;
  return tlsTransport({ server: { ...own, clientCa: ca }, connector: { ...own, ca } });
}

function certificateAndKey(cert: PemFile, key: PemFile): { readonly cert: Buffer; readonly key: Buffer } {
  if (!cert.certificate().checkPrivateKey(key.privateKey()))
    throw key.fault(
      `is the key of another certificate, expected that of ${cert.env}: set two that belong together`,
    );
  return { cert: cert.content, key: key.content };
}

/** One file, and the setting that names it. */
class PemFile {
  readonly env: string;
  readonly content: Buffer;
  readonly #path: string;

  constructor(env: string, path: string) {
    this.env = env;
    this.#path = resolve(path);
    try {
      this.content = readFileSync(this.#path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw this.fault(
        `cannot be read (${code}), expected a PEM file: correct the path, or let the user that runs the app read it`,
      );
    }
  }

  certificate(): X509Certificate {
    try {
      return new X509Certificate(this.content);
    } catch {
      throw this.fault(
        'holds no certificate, expected one in PEM: set the file that begins with BEGIN CERTIFICATE',
      );
    }
  }

  privateKey(): KeyObject {
    try {
      return createPrivateKey(this.content);
    } catch {
      throw this.fault(
        'holds no key that can be used, expected one in PEM, without a passphrase: set such a file',
      );
    }
  }

  fault(rest: string): ConfigError {
    return new ConfigError([`${this.env} is ${this.#path}, which ${rest}`]);
  }
}
