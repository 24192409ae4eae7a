/**
 * What a transport of sockets is asked for, checked before there is a socket: one that is made and then can't
 * be used would have nobody who listens to its errors.
 */
import { badOption } from './errors.ts';
import { hostName, listenPort, milliseconds, portNumber } from './options/checks.ts';
import { checked, optionsOf } from './options/option-table.ts';
import type { Address, ConnectOptions, ListenOptions } from './transport.ts';

const CONNECT = optionsOf<ConnectOptions>({ host: hostName, port: portNumber, timeoutMs: milliseconds });

const LISTEN = optionsOf<Address>({ host: hostName, port: listenPort });

/** Throws a `NetFrameError` of code `bad_option`. */
export function checkConnect({ host, port, timeoutMs }: ConnectOptions): void {
  checked({ host, port, timeoutMs }, CONNECT, { bad: badOption });
}

/** Throws a `NetFrameError` of code `bad_option`. */
export function checkListen({ host, port }: ListenOptions): void {
  checked({ host, port }, LISTEN, { bad: badOption });
}
