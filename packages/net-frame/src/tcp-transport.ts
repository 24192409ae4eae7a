/** The TCP transport. What a connection is that comes in is found out in `arrivals.ts`. */
import { createConnection, createServer } from 'node:net';
import { Arrivals } from './arrivals.ts';
import { badOption } from './errors.ts';
import { listOf, milliseconds, optional, textOf, wholeNumber } from './options/checks.ts';
import { checked, optionsOf } from './options/option-table.ts';
import { Proxies } from './proxies.ts';
import { connected, startListening } from './socket-pipe.ts';
import { checkConnect, checkListen } from './transport-options.ts';
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

const CHECKED = optionsOf<TcpTransportOptions & Required<Omit<TcpTransportOptions, 'proxies'>>>(
  {
    proxies: optional(listOf(textOf({ maximum: 64 }))),
    arrivalTimeoutMs: milliseconds,
    maxArrivals: wholeNumber(1),
  },
  { arrivalTimeoutMs: 5_000, maxArrivals: 1_000 },
);

/** Throws a `NetFrameError` of code `bad_option`, also where a proxy is no address and no network. */
export function tcpTransport(given: TcpTransportOptions = {}): Transport {
  const options = checked(given, CHECKED, { bad: badOption });
  const { arrivalTimeoutMs: timeoutMs, maxArrivals: most } = options;
  const proxies = new Proxies(options.proxies);
  const listen = async (listening: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> => {
    checkListen(listening);
    const arrivals = new Arrivals({ proxies, timeoutMs, most, listening }, accept);
    return startListening(
      createServer((socket) => arrivals.begin(socket)),
      listening,
    );
  };
  return Object.freeze({ listen, connect });
}

async function connect(options: ConnectOptions): Promise<Pipe> {
  checkConnect(options);
  const { host, port } = options;
  return connected(createConnection({ host, port }), options, 'connect');
}
