/** The TCP transport. What a connection is that comes in is found out in `arrivals.ts`. */
import { createConnection, createServer } from 'node:net';
import { Arrivals } from './arrivals.ts';
import { Proxies } from './proxies.ts';
import { connected, startListening } from './socket-pipe.ts';
import type { ConnectOptions, Listener, ListenOptions, Pipe, Transport } from './transport.ts';

export interface TcpTransportOptions {
  /**
   * The load balancers, as addresses or networks, that must write a PROXY header before the bytes of each
   * client; none if left out.
   */
  readonly proxies?: readonly string[];
  /** Milliseconds within which that header must be there; 5 s if left out. */
  readonly arrivalTimeoutMs?: number;
  /**
   * Connections of one listener that have yet to say who they are, 1,000 if left out; see `Places` for who
   * goes beyond them.
   */
  readonly maxArrivals?: number;
}

const DEFAULTS = Object.freeze({ arrivalTimeoutMs: 5_000, maxArrivals: 1_000 });

/** Throws a `NetFrameError` of code `bad_option` where a proxy is no address and no network. */
export function tcpTransport(options: TcpTransportOptions = {}): Transport {
  const { arrivalTimeoutMs: timeoutMs, maxArrivals: most } = { ...DEFAULTS, ...options };
  const proxies = new Proxies(options.proxies);
  const listen = (listening: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> => {
    const arrivals = new Arrivals({ proxies, timeoutMs, most, listening }, accept);
    return startListening(
      createServer((socket) => arrivals.begin(socket)),
      listening,
    );
  };
  return Object.freeze({ listen, connect });
}

function connect(options: ConnectOptions): Promise<Pipe> {
  const { host, port } = options;
  return connected(createConnection({ host, port }), options, 'connect');
}
