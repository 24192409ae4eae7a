// Colyseus: clients that join rooms with a token, and stay. Each asks on a connection of its own, as users do who come from
// elsewhere: a pool that thousands share in a busy process meets connections that the server has just closed.

import { Agent, fetch as fetchOverUndici } from 'undici';
import type { ArrivalContender } from '../../src/contender.ts';
import { joinAsMember, serveMembers } from '../colyseus-login.ts';

const PATIENCE_MS = 120_000;
const dispatcher = new Agent({ pipelining: 0, connect: { timeout: PATIENCE_MS } });
const ownFetch = ((url: string, init: object) =>
  fetchOverUndici(url, { ...init, dispatcher })) as unknown as typeof fetch;

export const contender: ArrivalContender = {
  serve: serveMembers,

  async arrive(served, { room: lane, member }, lost) {
    const room = await joinAsMember(served, lane, member, ownFetch);
    room.onMessage('chat', () => undefined);
    room.onLeave(lost);
  },
};
