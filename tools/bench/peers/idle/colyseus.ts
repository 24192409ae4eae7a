// Colyseus: clients that join rooms of 50 with a token, and stay.

import type { RoomsContender } from '../../src/contender.ts';
import { joinAsMember, serveMembers } from '../colyseus-login.ts';

export const contender: RoomsContender = {
  serve: serveMembers,

  async join(served, { room: lane, member }) {
    const room = await joinAsMember(served, lane, member);
    room.onMessage('chat', () => undefined);
    return { say: () => undefined };
  },
};
