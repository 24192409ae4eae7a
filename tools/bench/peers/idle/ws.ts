// ws: sockets in sets, as in P3.

export { contender } from '../rooms/ws.ts';
