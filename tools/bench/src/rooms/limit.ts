/** The limit of a room as most are written: raw sockets, each delivery is a write. */

import { rawRooms } from './raw-rooms.ts';

export const contender = rawRooms((socket) => (frame) => void socket.write(frame));
