// Colyseus: joinOrCreate with a token that onAuth verifies, ten chats, leave. The first to join a lane's room stays, as at ours.

import type { JourneyContender, Served } from '../../src/contender.ts';
import { CHATS } from '../../src/journey/chats.ts';
import { TEXT, nameOf } from '../../src/payload.ts';
import { joinAsMember, serveMembers } from '../colyseus-login.ts';

const HOSTS_FROM = 90_000;
const lanes = new Map<number, Promise<void>>();

async function stayIn(served: Served, lane: number): Promise<void> {
  const host = await joinAsMember(served, lane, HOSTS_FROM + lane);
  host.onMessage('chat', () => undefined);
}

function laneRoom(served: Served, lane: number): Promise<void> {
  const known = lanes.get(lane) ?? stayIn(served, lane);
  lanes.set(lane, known);
  return known;
}

export const contender: JourneyContender = {
  serve: serveMembers,

  async travel(served, lane, user) {
    await laneRoom(served, lane);
    const room = await joinAsMember(served, lane, user);
    let heard: () => void = () => undefined;
    room.onMessage('chat', () => heard());
    for (let said = 0; said < CHATS; said += 1) {
      const own = new Promise<void>((resolve) => (heard = resolve));
      room.send('chat', { name: nameOf(user), text: TEXT, n: said });
      await own;
    }
    await room.leave();
  },
};
