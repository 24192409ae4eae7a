/**
 * The limit of a room that gathers: raw sockets, all that a member gets in one turn of the event loop leaves
 * in one write.
 */

import { gathered } from '../sockets.ts';
import { rawRooms } from './raw-rooms.ts';

export const contender = rawRooms(gathered);
