/**
 * Rooms of raw sockets, for the two limits: a frame that comes from a member goes to every member of the room
 * as it is, nothing decoded. The first frame of a connection names its room. The two differ in when they
 * write.
 */

import type { Socket } from 'node:net';
import type { RoomsContender } from '../contender.ts';
import { deframed, framed, markOf } from '../framing.ts';
import { tcpConnect, tcpServer } from '../sockets.ts';

/** As long as the payload of the others is as MessagePack. */
const PAYLOAD = Buffer.alloc(86, 'x');

/** A member as the server sees it: what writes to it. */
export type Write = (frame: Buffer) => void;

/** `writer` makes the writing of one member's frames. */
export function rawRooms(writer: (socket: Socket) => Write): RoomsContender {
  return {
    async serve() {
      const rooms = new Map<number, Set<Write>>();
      const port = await tcpServer((socket) => {
        const write = writer(socket);
        let room: Set<Write> | undefined;
        const frame = (bytes: Buffer): void => {
          if (room === undefined) {
            const number = markOf(bytes);
            room = rooms.get(number) ?? new Set();
            rooms.set(number, room.add(write));
            socket.write(bytes);
          } else for (const member of room) member(bytes);
        };
        socket.on('data', deframed(frame));
        socket.on('close', () => room?.delete(write));
      });
      return { served: { port } };
    },

    async join({ port }, { room, member, isSpeaker }, heard) {
      const socket = await tcpConnect(port);
      const frame = framed(PAYLOAD, member);
      await new Promise<void>((resolve) => {
        let isIn = false;
        const each = (bytes: Buffer): void => {
          if (isIn) return heard(isSpeaker && markOf(bytes) === member);
          isIn = true;
          resolve();
        };
        socket.on('data', deframed(each));
        socket.write(framed(Buffer.alloc(0), room));
      });
      return { say: () => void socket.write(frame) };
    },
  };
}
