/**
 * Lobby: `call` and `answer` on a link between services, typed and validated both ways, with all of its
 * limits.
 */

import { nodePlatform } from '@lobby/net-frame';
import { call } from '@lobby/protocol';
import { Pulse, serviceLink, servicePort } from '@lobby/pulse';
import Type from 'typebox';
import type { CallContender } from '../contender.ts';
import { CHAT } from '../payload.ts';
import { HOST } from '../sockets.ts';

const Chat = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  text: Type.String({ minLength: 1, maxLength: 1_000 }),
  n: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
});
const reqChat = call(1_921, 'bench.req_chat', { flow: 'front_to_back', payload: Chat, response: Chat });

const platform = nodePlatform();
const secret = Buffer.from('a secret of the bench');
const identity = (service: string) => ({ service, node: 'bench', boot: 'bench' });

export const contender: CallContender = {
  async serve() {
    const back = Pulse.asServer({
      name: 'back',
      platform,
      dialect: servicePort({ identity: identity('back'), secret, random: platform.random }),
      host: HOST,
      port: 0,
    }).answer(reqChat, (_, chat) => chat);
    const { port } = await back.start();
    return { served: { port } };
  },

  async connect({ port }) {
    const front = Pulse.asClient({
      name: 'front',
      platform,
      dialect: serviceLink({ identity: identity('front'), secret, random: platform.random }),
      address: { host: HOST, port },
      reconnect: false,
    });
    const session = await front.connected();
    return { call: () => session.call(reqChat, CHAT) };
  },
};
