// pinus-rpc with its TCP acceptor and mailbox, the faster of its transports. It sends every message at once (`bufferMsg` would
// gather them, for 50 ms), which is its default. Its declarations lead to sources that are not all there: what is used of it is
// declared here.

import { createRequire } from 'node:module';
import type { CallContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';
import { freePort } from '../free-port.ts';

interface Message {
  readonly namespace: string;
  readonly service: string;
  readonly method: string;
  readonly args: readonly unknown[];
}
interface Client {
  start(started: (error?: Error) => void): void;
  addServer(server: object): void;
  rpcInvoke(server: string, message: Message, answered: (error: Error | null, answer: unknown) => void): void;
}
interface PinusRpc {
  createGateway(options: object): { start(): void };
  readonly RpcClient: new (options: object) => Client;
}
interface Factory {
  readonly create: unknown;
}

const require = createRequire(import.meta.url);
const { createGateway, RpcClient } = require('pinus-rpc') as PinusRpc;
const acceptor = require('pinus-rpc/dist/lib/rpc-server/acceptors/tcp-acceptor') as Factory;
const mailbox = require('pinus-rpc/dist/lib/rpc-client/mailboxes/tcp-mailbox') as Factory;

const SERVER = 'server-1';
const MESSAGE: Message = { namespace: 'user', service: 'bench', method: 'chat', args: [CHAT] };

export const contender: CallContender = {
  async serve() {
    const port = await freePort();
    const services = { user: { bench: { chat: async (chat: unknown) => chat } } };
    createGateway({ port, services, acceptorFactory: acceptor.create }).start();
    return { served: { port } };
  },

  async connect({ port }) {
    const client = new RpcClient({
      router: () => undefined,
      context: { serverId: 'client-1' },
      mailboxFactory: mailbox.create,
    });
    await new Promise<void>((resolve, reject) => {
      client.start((error) => (error === undefined ? resolve() : reject(error)));
    });
    client.addServer({ id: SERVER, serverType: 'bench', host: HOST, port });
    const call = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        client.rpcInvoke(SERVER, MESSAGE, (error, answer) => (error ? reject(error) : resolve(answer)));
      });
    await call();
    return { call };
  },
};
