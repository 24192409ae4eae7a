/**
 * Lobby: a token login at app-front, a seat reserved in the lane's room, check-in, ten chats, leave; with the
 * client of the project. Each lane has a room, held open by a user who stays in it: that one hears every chat
 * too.
 */

import { LobbyClient } from '@lobby/client';
import type { JourneyContender, Served } from '../contender.ts';
import { serveCluster } from '../lobby-cluster.ts';
import { tokenMaker } from '../lobby-tokens.ts';
import { TEXT, nameOf } from '../payload.ts';
import { HOST } from '../sockets.ts';
import { CHATS } from './chats.ts';

const HOST_NAMES_FROM = 90_000;
const lanes = new Map<number, Promise<string>>();

/** The room of a lane. Who made it stays checked in, silent. */
async function roomOf(served: Served, lane: number): Promise<string> {
  const host = await LobbyClient.connect({ host: HOST, port: served.port });
  await host.login({ token: await tokenMaker(served)(nameOf(HOST_NAMES_FROM + lane)) });
  const { room, seat } = await host.createRoom({ title: `lane ${lane}`, capacity: 4 });
  const member = await host.enter(seat);
  member.on('chat', () => undefined);
  return room.roomId;
}

function laneRoom(served: Served, lane: number): Promise<string> {
  const known = lanes.get(lane) ?? roomOf(served, lane);
  lanes.set(lane, known);
  return known;
}

export const contender: JourneyContender = {
  serve: () => serveCluster(),

  async travel(served, lane, user) {
    const roomId = await laneRoom(served, lane);
    const token = await tokenMaker(served)(nameOf(user));
    await using lobby = await LobbyClient.connect({ host: HOST, port: served.port });
    await lobby.login({ token });
    const { seat } = await lobby.reserve(roomId);
    const member = await lobby.enter(seat);
    let heard: () => void = () => undefined;
    member.on('chat', () => heard());
    for (let said = 0; said < CHATS; said += 1) {
      const own = new Promise<void>((resolve) => (heard = resolve));
      await member.chat(TEXT);
      await own;
    }
    await member.leave();
  },
};
