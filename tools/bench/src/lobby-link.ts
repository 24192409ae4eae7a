/**
 * A client of the lobby that costs its process as little as can be, so that thousands fit into a load: a bare
 * link, without a keeper.
 */

import { tcpTransport } from '@lobby/net-frame';
import { Link } from '@lobby/players';
import type { LinkHandlers } from '@lobby/players';
import { HOST } from './sockets.ts';

const transport = tcpTransport();

const ALOUD: LinkHandlers = {
  onEnded: (code, _, cause) => {
    // A server that stops in peace says nothing.
    if (code !== 'connection_lost' || cause !== undefined)
      throw new Error(`the connection to the lobby ended: ${code}`, { cause });
  },
};

/** Resolves when it is welcomed. An end that nobody expected ends the load, unless a handler takes it. */
export function openLink(port: number, handlers: LinkHandlers = {}): Promise<Link> {
  return Link.open({
    ...{ transport, to: { host: HOST, port }, agent: 'bench' },
    handlers: { ...ALOUD, ...handlers },
  });
}
