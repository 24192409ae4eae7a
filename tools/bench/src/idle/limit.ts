/** The limit of idle connections: raw sockets in rooms, as in P3. */

export { contender } from '../rooms/limit.ts';
