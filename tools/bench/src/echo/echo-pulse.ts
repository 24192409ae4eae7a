/** An echo through pulse, for those contenders that differ in its settings only. */

import { nodePlatform } from '@lobby/net-frame';
import { message } from '@lobby/protocol';
import type { MessageTopic } from '@lobby/protocol';
import { Pulse, clientLink, clientPort, established } from '@lobby/pulse';
import type { ClientPortOptions } from '@lobby/pulse';
import Type from 'typebox';
import type { TObject } from 'typebox';
import type { EchoContender } from '../contender.ts';
import { CHAT } from '../payload.ts';
import type { Chat } from '../payload.ts';
import { HOST } from '../sockets.ts';

/** What a chat may be, as a protocol would say it. */
export const ChatSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  text: Type.String({ minLength: 1, maxLength: 1_000 }),
  n: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
});

export interface EchoPulseOptions {
  readonly port: Pick<ClientPortOptions, 'rate' | 'sessions'>;
  readonly payload: TObject;
}

/** A client port that says back what it is told, and clients that connect to it with the same library. */
export function echoPulse({ port: portOptions, payload }: EchoPulseOptions): EchoContender {
  const said = message(1_901, 'bench.syn_said', {
    flow: 'client_to_front',
    payload,
  }) as unknown as MessageTopic<Chat>;
  const told = message(1_902, 'bench.syn_echo', {
    flow: 'front_to_client',
    payload,
  }) as unknown as MessageTopic<Chat>;
  return {
    async serve() {
      const front = Pulse.asServer({
        name: 'bench',
        platform: nodePlatform(),
        dialect: clientPort({ node: 'bench', ...portOptions }),
        host: HOST,
        port: 0,
      })
        // As a login would: who is known stays.
        .sub(established, (session) => session.admit('user', `user-${session.key}`))
        .sub(said, (session, chat) => void session.send(told, chat));
      const { port } = await front.start();
      return { served: { port } };
    },

    async connect({ port }, heard) {
      const client = Pulse.asClient({
        name: 'bench',
        platform,
        dialect: clientLink({ agent: 'bench' }),
        address: { host: HOST, port },
        reconnect: false,
      }).sub(told, heard);
      const session = await client.connected();
      return { send: () => void session.send(said, CHAT) };
    },
  };
}

/** One for all clients of a process. */
const platform = nodePlatform();
