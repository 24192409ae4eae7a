/** The limits of a session, so far away that they never matter. */

import type { SessionOptions } from '@lobby/net-frame';

const NEVER_MS = 2 ** 31 - 1;

export const BARE_SESSIONS: SessionOptions = Object.freeze({
  maxFrameBytes: 2 ** 30,
  maxSentFrameBytes: 2 ** 30,
  heartbeatMs: NEVER_MS,
  frameTimeoutMs: NEVER_MS,
  maxUnsentBytes: 2 ** 40,
  readUntilUnsentBytes: 2 ** 40,
  readUntilPromisedBytes: 2 ** 40,
  stallTimeoutMs: NEVER_MS,
  framesPerTurn: 2 ** 30,
  gatherMs: 0,
  lingerMs: NEVER_MS,
});
