/** The limits of a session: every one finite, in one place, checked once. */
import { badOption } from './errors.ts';
import { milliseconds, optional, wholeNumber } from './options/checks.ts';
import { checked, optionsOf } from './options/option-table.ts';

export interface SessionOptions {
  /** The largest `size` accepted, in bytes. A service's port takes 1 MiB, a client's port less. */
  readonly maxFrameBytes: number;
  /**
   * The largest `size` that the other side accepts, in bytes: a larger frame is not sent. No more than may
   * wait for it.
   */
  readonly maxSentFrameBytes: number;
  /**
   * Silence, in milliseconds, after which the other side is asked for a sign of life; three times that ends
   * the session.
   */
  readonly heartbeatMs: number;
  /** A frame must be complete within this many milliseconds of its first byte. */
  readonly frameTimeoutMs: number;
  /**
   * Bytes that may wait for a session that does not read; beyond it the session is closed as `slow_reader`.
   */
  readonly maxUnsentBytes: number;
  /**
   * Bytes that may wait for a session before it is read no further: who does not read what it gets asks for
   * nothing more. Not for links on which both sides do this: they would wait for each other.
   */
  readonly readUntilUnsentBytes: number;
  /**
   * The same for what waits together with what is promised (`promisedBytes`): answers that are still being
   * made wait as well, so that many of them that are asked for at once never end a session that reads them.
   */
  readonly readUntilPromisedBytes: number;
  /** Milliseconds for which nothing at all could be written before the session is closed as `slow_reader`. */
  readonly stallTimeoutMs: number;
  /**
   * Frames that all sessions of a table together read in one turn of the event loop, fewer where they take
   * over a millisecond. Beyond it each still reads one of what comes, and the rest of its chunk waits for its
   * turn among those that wait.
   */
  readonly framesPerTurn: number;
  /**
   * Milliseconds for which frames are gathered where there are many: they leave at the end of their turn,
   * unless others have left a shorter time before, and else when that time is over. With 0 each turn's leave
   * with it.
   */
  readonly gatherMs: number;
  /** Milliseconds that a closed connection may take to deliver its last bytes. */
  readonly lingerMs: number;
}

export const SESSION_DEFAULTS: SessionOptions = Object.freeze({
  maxFrameBytes: 1024 * 1024,
  maxSentFrameBytes: 1024 * 1024,
  heartbeatMs: 2_000,
  frameTimeoutMs: 5_000,
  maxUnsentBytes: 32 * 1024 * 1024,
  readUntilUnsentBytes: Number.MAX_SAFE_INTEGER,
  readUntilPromisedBytes: Number.MAX_SAFE_INTEGER,
  stallTimeoutMs: 5_000,
  framesPerTurn: 1_024,
  gatherMs: 0,
  lingerMs: 1_000,
});

/** Longer than that nobody waits for an answer without noticing. */
const LONGEST_GATHER_MS = 100;
const bytes = optional(wholeNumber(1));
const time = optional(milliseconds);

/** Those that are given: for whoever fills in defaults of its own. */
export const sessionOptionsCheck = optionsOf<Partial<SessionOptions>>({
  maxFrameBytes: bytes,
  maxSentFrameBytes: bytes,
  heartbeatMs: time,
  frameTimeoutMs: time,
  maxUnsentBytes: bytes,
  readUntilUnsentBytes: bytes,
  readUntilPromisedBytes: bytes,
  stallTimeoutMs: time,
  framesPerTurn: optional(wholeNumber(1)),
  gatherMs: optional(wholeNumber(0, LONGEST_GATHER_MS)),
  lingerMs: time,
});

/**
 * The options with the defaults filled in, frozen. Throws `bad_option` on an unknown key or a value that is
 * out of range.
 */
export function sessionOptions(given: Partial<SessionOptions> = {}): SessionOptions {
  const some = checked(given, sessionOptionsCheck, { bad: badOption });
  const { maxUnsentBytes } = { ...SESSION_DEFAULTS, ...some };
  const { maxSentFrameBytes = Math.min(SESSION_DEFAULTS.maxSentFrameBytes, maxUnsentBytes) } = some;
  if (maxSentFrameBytes > maxUnsentBytes)
    throw badOption(
      `maxSentFrameBytes is ${maxSentFrameBytes}: it must not be over maxUnsentBytes, ${maxUnsentBytes}`,
    );
  return Object.freeze({ ...SESSION_DEFAULTS, ...some, maxSentFrameBytes });
}
