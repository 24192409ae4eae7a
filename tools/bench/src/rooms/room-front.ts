/**
 * Rooms as room-runner has them, for those contenders that differ in the settings of the client port only: a
 * real RoomRunner, a real RoomMaster, and the link of a lobby-runner over which seats are asked for. All are
 * in one process; once the members are in, only the RoomRunner has work.
 */

import { Announcement, BackLink } from '@lobby/discovery';
import { nodePlatform } from '@lobby/net-frame';
import { decodePayload, room as words, service } from '@lobby/protocol';
import { Pulse, clientPort, serviceLink, servicePort } from '@lobby/pulse';
import type { ClientPortOptions } from '@lobby/pulse';
import { RoomMaster, RoomRunner } from '@lobby/room';
import { randomBytes } from 'node:crypto';
import type { RoomsContender, Variant } from '../contender.ts';
import { openLink } from '../lobby-link.ts';
import { TEXT, nameOf } from '../payload.ts';
import { HOST } from '../sockets.ts';

const AN_HOUR_MS = 3_600_000;
const VERSION = 'bench';
const LOOK_AGAIN_MS = 20;

type PortOptions = Pick<ClientPortOptions, 'rate' | 'sessions'>;

/** Serves rooms of `roomSize`, all seats reserved: a ticket for each member. */
async function serveRooms(options: PortOptions, { connections, roomSize }: Variant) {
  const platform = nodePlatform();
  const secret = randomBytes(32);
  const identity = (name: string) => ({ service: name, node: name, boot: 'bench' });
  const link = (from: string, port: number) =>
    new BackLink({
      name: 'room-master',
      platform,
      dialect: serviceLink({ identity: identity(from), secret, random: platform.random }),
      address: { host: HOST, port },
    });

  const back = Pulse.asServer({
    name: 'room-master',
    platform,
    dialect: servicePort({ identity: identity('room-master'), secret, random: platform.random }),
    host: HOST,
    port: 0,
  });
  new RoomMaster({ port: back, clock: platform.clock, identity: identity('room-master'), version: VERSION });
  const { port: backPort } = await back.start();

  const front = Pulse.asServer({
    name: 'room-runner',
    platform,
    dialect: clientPort({ node: 'room-runner', ...options }),
    host: HOST,
    port: 0,
    maxConnections: connections + 1,
  });
  const address = await front.start();
  const roomMaster = link('room-runner', backPort);
  const runner = new RoomRunner({
    front,
    roomMaster,
    platform,
    identity: identity('room-runner'),
    version: VERSION,
    address: () => address,
    seatExpiresMs: AN_HOUR_MS,
    roomEmptyMs: AN_HOUR_MS,
  });
  roomMaster.start();

  const lobby = link('lobby-runner', backPort);
  const up = { ...identity('lobby-runner'), version: VERSION, load: {}, draining: false };
  const announcement = new Announcement({
    link: lobby,
    say: service.synLobbyRunnerUp,
    hear: service.synRoomMasterUp,
    payload: () => up,
  });
  lobby.start();
  while (runner.reasons.length + announcement.reasons.length > 0)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

  const tickets: string[] = [];
  for (let first = 0; first < connections; first += roomSize) {
    const wish = { title: `room of ${nameOf(first)}`, capacity: roomSize };
    const made = await lobby.call(words.reqCreateF2b, { user: nameOf(first), epoch: 1, ...wish });
    tickets.push(made.seat.ticket);
    const { roomId } = made.room;
    for (let member = first + 1; member < Math.min(first + roomSize, connections); member += 1) {
      const { seat } = await lobby.call(words.reqReserveF2b, { user: nameOf(member), epoch: 1, roomId });
      tickets.push(seat.ticket);
    }
  }
  return { served: { port: address.port, tickets } };
}

/** The rooms of a RoomRunner on a client port with these settings. */
export function roomFront(options: PortOptions): RoomsContender {
  return {
    serve: (variant) => serveRooms(options, variant),

    async join({ port, tickets = [] }, { member, isSpeaker }, heard) {
      const name = nameOf(member);
      // Chats that come between the check-in's answer and its promise count too.
      const seat = await openLink(port, {
        onMessage: ({ topic, payload }) => {
          if (topic === words.synChat.number)
            heard(isSpeaker && decodePayload(words.synChat, payload).from === name);
        },
      });
      await seat.call(words.reqCheckin, { ticket: tickets[member] ?? '' });
      return { say: () => seat.ask(words.reqChat, { text: TEXT }) };
    },
  };
}
