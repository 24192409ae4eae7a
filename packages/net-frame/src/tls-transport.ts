/**
 * The TLS transport: TCP with TLS 1.3 on top, and nothing older. It knows certificates; what else a peer must
 * prove is said by the layers above. A connection that comes in is a pipe after its handshake, see
 * `arrivals.ts`.
 */
import { X509Certificate } from 'node:crypto';
import { createServer as createTcpServer, isIP } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { Arrivals, TLS_PROTOCOL } from './arrivals.ts';
import { badOption } from './errors.ts';
import { Proxies } from './proxies.ts';
import { connected, startListening } from './socket-pipe.ts';
import { checkConnect, checkListen } from './transport-options.ts';
import { tlsOptions } from './tls-options.ts';
import type { CheckedTlsOptions, TlsConnectorOptions, TlsTransportOptions } from './tls-options.ts';
import type { ConnectOptions, Listener, ListenOptions, Pipe, Transport } from './transport.ts';

async function listen(
  { tls, proxies }: { readonly tls: CheckedTlsOptions; readonly proxies: Proxies },
  options: ListenOptions,
  accept: (pipe: Pipe) => void,
): Promise<Listener> {
  const { server } = tls;
  if (server === undefined)
    throw badOption('nothing can listen without a certificate: give the TLS transport a server');
  checkListen(options);
  const { handshakeTimeoutMs: timeoutMs, maxHandshakes: most } = tls;
  const arrivals = new Arrivals({ proxies, tls: server, timeoutMs, most, listening: options }, accept);
  const sockets = createTcpServer({ noDelay: true }, (socket) => arrivals.begin(socket));
  const listener = await startListening(sockets, options);
  const close = (): Promise<void> => {
    arrivals.close();
    return listener.close();
  };
  return { address: listener.address, close };
}

function connect(
  { servername }: TlsConnectorOptions,
  secureContext: SecureContext,
  options: ConnectOptions,
): Promise<Pipe> {
  const { host, port } = options;
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  const socket = connectTls({
    host,
    port,
    secureContext,
    // Never left to the environment, where one variable would trust everybody.
    rejectUnauthorized: true,
    ...(name === undefined ? {} : { servername: name }),
  });
  return connected(socket, options, 'secureConnect');
}

/** What `make` makes of PEM. Throws a `NetFrameError` of code `bad_option` where that can't be used. */
function checked<Made>(whose: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    throw badOption(
      `the certificates of the ${whose} can't be used: ${(error as Error).message}: give PEM, and the key of the certificate`,
    );
  }
}

function contextOf({ ca, cert, key }: TlsConnectorOptions): SecureContext {
  // An authority that is none would be passed over, and everybody refused later on.
  if (ca !== undefined) new X509Certificate(ca);
  return createSecureContext({
    ...TLS_PROTOCOL,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}

/**
 * TLS as a transport. A connection that fails its handshake is rejected with the error of the system or of
 * TLS, such as `ERR_TLS_CERT_ALTNAME_INVALID`. One that lacks the certificate a port wants may be made, and
 * be closed at once with that as the cause: so it is in TLS 1.3. Throws a `NetFrameError` of code
 * `bad_option`.
 */
export function tlsTransport(given: TlsTransportOptions): Transport {
  const tls = tlsOptions(given);
  const { server, connector } = tls;
  const proxies = new Proxies(tls.proxies);
  if (server !== undefined)
    checked('server', () => contextOf({ ...server, ...(server.clientCa && { ca: server.clientCa }) }));
  const newContext = (): SecureContext => checked('connector', () => contextOf(connector));
  // Without an authority of its own it takes Node's, which are many: they are read for the first connection.
  let context = connector.ca === undefined ? undefined : newContext();
  return Object.freeze({
    listen: (options: ListenOptions, accept: (pipe: Pipe) => void) =>
      listen({ tls, proxies }, options, accept),
    connect: async (options: ConnectOptions) => {
      checkConnect(options);
      return connect(connector, (context ??= newContext()), options);
    },
  });
}
