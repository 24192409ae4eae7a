/** Lobby with everything on: the rate limit counts every frame too, only so high that it refuses none. */

import { roomFront } from './room-front.ts';

export const contender = roomFront({ rate: { perSecond: 10_000_000, burst: 10_000_000 } });
