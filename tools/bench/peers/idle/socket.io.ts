// socket.io: sockets in its rooms, as in P3.

export { contender } from '../rooms/socket.io.ts';
