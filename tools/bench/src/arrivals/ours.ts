/**
 * Lobby on two fronts: users log in by token at one of them, take a quick seat, check in where it leads, and
 * stay. Where that is the other front they have two connections from then on, as the client of the project
 * has.
 */

import { auth, room } from '@lobby/protocol';
import type { ArrivalContender } from '../contender.ts';
import { portOf } from '../load.ts';
import { serveCluster } from '../lobby-cluster.ts';
import { openLink } from '../lobby-link.ts';
import { tokenMaker } from '../lobby-tokens.ts';
import { nameOf } from '../payload.ts';

const FRONTS = 2;
/** As large as the rooms of the others. */
const CAPACITY = 50;

export const contender: ArrivalContender = {
  serve: () => serveCluster({ fronts: FRONTS }),

  async arrive(served, { member }, lost) {
    const port = portOf(served, member);
    const token = await tokenMaker(served)(nameOf(member));
    const lobby = await openLink(port, { onEnded: lost });
    await lobby.call(auth.reqLogin, { token });
    const { seat } = await lobby.call(room.reqQuick, { capacity: CAPACITY });
    const hall = seat.port === port ? lobby : await openLink(seat.port, { onEnded: lost });
    await hall.call(room.reqCheckin, { ticket: seat.ticket });
  },
};
