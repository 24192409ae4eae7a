/**
 * Lobby: a topic that is typed and validated, on a client port with its usual limits. Only the rate limit is
 * off, as it is for everybody here: the load sends as fast as it is answered.
 */

import { ChatSchema, echoPulse } from './echo-pulse.ts';

export const contender = echoPulse({ port: { rate: false }, payload: ChatSchema });
