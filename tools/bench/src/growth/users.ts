/** The users of P10 as their front tells them, each made from its number. */

import { auth, service } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import type { FrontKind } from './fake-front.ts';

export type Users = Pick<PayloadOf<typeof auth.reqInventoryF2b>, 'users'>;

/** Holds users, and puts out whom it is told to. */
export const lobbyRunner: FrontKind<Users> = {
  service: 'lobby-runner',
  say: service.synLobbyRunnerUp,
  hear: service.synLobbyMasterUp,
  inventory: {
    topic: auth.reqInventoryF2b,
    describe: (numbers) => ({
      users: numbers.map((number) => ({
        name: `user-${number}`,
        userId: `id-of-user-${number}`,
        epoch: 1 + number,
        session: number,
      })),
    }),
  },
  serve: (link) => (session) =>
    link.pulse.asChild({ session }).answer(auth.reqKickB2f, () => ({ kicked: true })),
};
