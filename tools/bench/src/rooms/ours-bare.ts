/**
 * Lobby with as little as its options allow: no rate limit, deadlines and bounds so far away that they never
 * matter. Payloads are validated all the same: a room-runner's topics are what they are.
 */

import { BARE_SESSIONS } from '../bare-sessions.ts';
import { roomFront } from './room-front.ts';

export const contender = roomFront({ rate: false, sessions: BARE_SESSIONS });
