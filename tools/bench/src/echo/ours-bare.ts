/**
 * Lobby with as little as its options allow: no rate limit, deadlines and bounds so far away that they never
 * matter, and a topic of bare types: no lengths, no ranges. That a payload is one well-formed map is always
 * checked.
 */

import Type from 'typebox';
import { BARE_SESSIONS } from '../bare-sessions.ts';
import { echoPulse } from './echo-pulse.ts';

export const contender = echoPulse({
  port: { rate: false, sessions: BARE_SESSIONS },
  payload: Type.Object({ name: Type.String(), text: Type.String(), n: Type.Integer() }),
});
