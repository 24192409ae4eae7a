/**
 * Lobby: clients that log in by token at app-front, take a quick seat in a room, check in there on the same
 * connection, and stay.
 */

import { LinkError } from '@lobby/players';
import { auth, room } from '@lobby/protocol';
import type { RoomsContender } from '../contender.ts';
import { serveCluster } from '../lobby-cluster.ts';
import { openLink } from '../lobby-link.ts';
import { tokenMaker } from '../lobby-tokens.ts';
import { nameOf } from '../payload.ts';

const TRIES = 5;

/**
 * On a machine that others use too an answer may come too late; a login and a quick seat may be asked for
 * again.
 */
async function insisted<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !(error instanceof LinkError) || error.code !== 'deadline') throw error;
    }
  }
}

export const contender: RoomsContender = {
  serve: () => serveCluster(),

  async join(served, { member }) {
    const token = await tokenMaker(served)(nameOf(member));
    const link = await openLink(served.port);
    await insisted(() => link.call(auth.reqLogin, { token }));
    const { seat } = await insisted(() => link.call(room.reqQuick, { capacity: 50 }));
    await link.call(room.reqCheckin, { ticket: seat.ticket });
    return { say: () => undefined };
  },
};
