// Lobby: clients that log in by token at app-front, take a quick seat in a room, check in there on the same connection, and stay.

import { auth, room } from '@lobby/protocol';
import type { RoomsContender } from '../contender.ts';
import { serveCluster } from '../lobby-cluster.ts';
import { LobbySocket } from '../lobby-socket.ts';
import { tokenMaker } from '../lobby-tokens.ts';
import { nameOf } from '../payload.ts';

export const contender: RoomsContender = {
  serve: serveCluster,

  async join(served, { member }) {
    const token = await tokenMaker(served)(nameOf(member));
    const socket = await LobbySocket.open(served.port);
    await socket.call(auth.reqLogin, { token });
    const { seat } = await socket.call(room.reqQuick, { capacity: 50 });
    await socket.call(room.reqCheckin, { ticket: seat.ticket });
    return { say: () => undefined };
  },
};
