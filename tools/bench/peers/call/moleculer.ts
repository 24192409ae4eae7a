// Moleculer with its TCP transporter: two nodes that are told of each other instead of finding each other. No logger, no metrics,
// no tracing, which are off by default but the first; the serializer is its default, JSON.

import { ServiceBroker } from 'moleculer';
import type { Context } from 'moleculer';
import type { CallContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';
import { freePort } from '../free-port.ts';

function broker(nodeID: string, port: number, urls: string): ServiceBroker {
  const options = { udpDiscovery: false, useHostname: false, port, urls };
  return new ServiceBroker({ nodeID, logger: false, transporter: { type: 'TCP', options } });
}

export const contender: CallContender = {
  async serve() {
    const port = await freePort();
    const clientPort = await freePort();
    const server = broker('server', port, `tcp://${HOST}:${clientPort}/client`);
    server.createService({ name: 'bench', actions: { chat: (context: Context) => context.params } });
    await server.start();
    return { served: { port, more: { clientPort: String(clientPort) } } };
  },

  async connect({ port, more }) {
    const client = broker('client', Number(more?.['clientPort']), `tcp://${HOST}:${port}/server`);
    await client.start();
    await client.waitForServices('bench', 20_000);
    return { call: () => client.call('bench.chat', CHAT) };
  },
};
