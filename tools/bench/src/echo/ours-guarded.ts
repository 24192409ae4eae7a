/** Lobby with everything on: the rate limit counts every frame too, only so high that it refuses none. */

import { ChatSchema, echoPulse } from './echo-pulse.ts';

export const contender = echoPulse({
  port: { rate: { perSecond: 10_000_000, burst: 10_000_000 } },
  payload: ChatSchema,
});
