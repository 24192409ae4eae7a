// gRPC in its JavaScript implementation, protobuf by its own loader, one channel.

import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { CallContender } from '../../src/contender.ts';
import { CHAT } from '../../src/payload.ts';
import type { Chat } from '../../src/payload.ts';
import { HOST } from '../../src/sockets.ts';

type Answered = (error: Error | null, chat: Chat) => void;
interface BenchClient {
  Say(chat: Chat, answered: Answered): void;
}
interface BenchPackage {
  readonly Bench: grpc.ServiceClientConstructor;
}

const definition = loadSync(fileURLToPath(new URL('chat.proto', import.meta.url)), { longs: Number });
const { Bench } = grpc.loadPackageDefinition(definition) as unknown as BenchPackage;

export const contender: CallContender = {
  async serve() {
    const server = new grpc.Server();
    server.addService(Bench.service, {
      Say: (call: { readonly request: Chat }, answer: Answered) => answer(null, call.request),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${HOST}:0`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return { served: { port } };
  },

  async connect({ port }) {
    const channel = new Bench(`${HOST}:${port}`, grpc.credentials.createInsecure());
    const client = channel as unknown as BenchClient;
    return {
      call: () =>
        new Promise((resolve, reject) => {
          client.Say(CHAT, (error, chat) => (error === null ? resolve(chat) : reject(error)));
        }),
    };
  },
};
