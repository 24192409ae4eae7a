// Colyseus: clients that join rooms with a token, and stay.

import type { ArrivalContender } from '../../src/contender.ts';
import { joinAsMember, serveMembers } from '../colyseus-login.ts';

export const contender: ArrivalContender = {
  serve: serveMembers,

  async arrive(served, { room: lane, member }, lost) {
    const room = await joinAsMember(served, lane, member);
    room.onMessage('chat', () => undefined);
    room.onLeave(lost);
  },
};
