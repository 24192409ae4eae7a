/**
 * The TLS transport: TCP with TLS 1.3 on top, and nothing older. It knows certificates; what else a peer must
 * prove is said by the layers above.
 *
 *     connection ──┬── handshake, certificates right ──▶ a pipe, handed to `accept`
 *                  └── too slow, the oldest of too many, older than 1.3, wrong certificate ──▶ closed
 *
 * Every socket has its error listener from its first moment. No session is ever resumed: each connection
 * shows its certificates.
 *
 * Invariant: of a listener at most `maxHandshakes` are unfinished at once, and none for longer than
 * `handshakeTimeoutMs`.
 */
import { X509Certificate, constants } from 'node:crypto';
import { createServer as createTcpServer, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext, createServer as createTlsServer } from 'node:tls';
import type { SecureContext, Server, TLSSocket } from 'node:tls';
import { NetFrameError } from './errors.ts';
import { SocketPipe, connected, remoteAddressOf, startListening } from './socket-pipe.ts';
import { tlsOptions } from './tls-options.ts';
import type {
  CheckedTlsOptions,
  TlsConnectorOptions,
  TlsServerOptions,
  TlsTransportOptions,
} from './tls-options.ts';
import type { ConnectOptions, Listener, ListenOptions, Pipe, Transport } from './transport.ts';

const PROTOCOL = { minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET } as const;

/**
 * The handshakes of one listener, from the accepted socket to the pipe. Where there are too many, the oldest
 * makes room.
 */
class Handshakes {
  readonly #server: Server;
  readonly #most: number;
  readonly #accept: (pipe: Pipe) => void;
  readonly #reportFailure: NonNullable<ListenOptions['failed']>;
  /** By where they come from, the oldest first. */
  readonly #unfinished = new Map<string, { readonly socket: Socket; cause?: Error }>();
  #closed = false;

  constructor(
    { server, handshakeTimeoutMs, maxHandshakes, failed = () => undefined }: ListeningOptions,
    accept: (pipe: Pipe) => void,
  ) {
    const { cert, key, clientCa } = server;
    const mutual =
      clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
    const options = { ...PROTOCOL, cert, key, ...mutual, handshakeTimeout: handshakeTimeoutMs };
    this.#most = maxHandshakes;
    this.#accept = accept;
    this.#reportFailure = failed;
    // It listens nowhere: sockets are handed to it. For each it emits exactly one of these two, the second
    // also for a mere end.
    this.#server = createTlsServer(options)
      .on('secureConnection', (socket) => this.#finished(socket))
      .on('tlsClientError', (error, socket) => this.#failed(error, socket));
  }

  /** False where it is closed; then nothing was done with the socket. */
  begin(socket: Socket): boolean {
    if (this.#closed) return false;
    const remoteAddress = remoteAddressOf(socket);
    const handshake: { readonly socket: Socket; cause?: Error } = { socket };
    this.#unfinished.set(remoteAddress, handshake);
    socket.on('error', (error) => (handshake.cause ??= error));
    socket.on('close', () => {
      if (this.#unfinished.get(remoteAddress) !== handshake) return;
      this.#unfinished.delete(remoteAddress);
      this.#reportFailure(remoteAddress, handshake.cause ?? new Error('it was left before its end'));
    });
    this.#server.emit('connection', socket);
    if (this.#unfinished.size > this.#most) this.#makeRoom();
    return true;
  }

  /** Accepts nobody any more; what is unfinished ends by itself. */
  close(): void {
    this.#closed = true;
  }

  #makeRoom(): void {
    for (const { socket } of this.#unfinished.values()) {
      socket.destroy(new Error(`over ${this.#most} were unfinished, and this was the oldest`));
      return;
    }
  }

  #failed(error: Error, socket: TLSSocket): void {
    const handshake = this.#unfinished.get(remoteAddressOf(socket));
    if (handshake !== undefined) handshake.cause ??= error;
    socket.destroy();
  }

  #finished(socket: TLSSocket): void {
    this.#unfinished.delete(remoteAddressOf(socket));
    if (this.#closed) socket.destroy();
    else this.#accept(new SocketPipe(socket));
  }
}

type ListeningOptions = CheckedTlsOptions &
  Pick<ListenOptions, 'failed'> & { readonly server: TlsServerOptions };

async function listen(
  tls: CheckedTlsOptions,
  options: ListenOptions,
  accept: (pipe: Pipe) => void,
): Promise<Listener> {
  const { server } = tls;
  if (server === undefined)
    throw new NetFrameError(
      'bad_option',
      'nothing can listen without a certificate: give the TLS transport a server',
    );
  const { failed } = options;
  const handshakes = new Handshakes({ ...tls, server, ...(failed === undefined ? {} : { failed }) }, accept);
  const sockets = createTcpServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (!handshakes.begin(socket)) socket.destroy();
  });
  const listener = await startListening(sockets, options);
  const close = (): Promise<void> => {
    handshakes.close();
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
    throw new NetFrameError(
      'bad_option',
      `the certificates of the ${whose} can't be used: ${(error as Error).message}: give PEM, and the key of the certificate`,
    );
  }
}

function contextOf({ ca, cert, key }: TlsConnectorOptions): SecureContext {
  // An authority that is none would be passed over, and everybody refused later on.
  if (ca !== undefined) new X509Certificate(ca);
  return createSecureContext({
    ...PROTOCOL,
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
  if (server !== undefined)
    checked('server', () => contextOf({ ...server, ...(server.clientCa && { ca: server.clientCa }) }));
  const newContext = (): SecureContext => checked('connector', () => contextOf(connector));
  // Without an authority of its own it takes Node's, which are many: they are read for the first connection.
  let context = connector.ca === undefined ? undefined : newContext();
  return Object.freeze({
    listen: (options: ListenOptions, accept: (pipe: Pipe) => void) => listen(tls, options, accept),
    connect: async (options: ConnectOptions) => connect(connector, (context ??= newContext()), options),
  });
}
