/**
 * Lobby: chat in the rooms of a room-runner, members checked in with tickets, all limits as they are but the
 * rate.
 */

import { roomFront } from './room-front.ts';

export const contender = roomFront({ rate: false });
