/**
 * A session as the layer above sees it: one connection that speaks frames, from its first byte to its end;
 * and what that layer hands in to hear of it. How it is done is in `session.ts`.
 *
 *     open ──────────────── close(reason), or the network, or a deadline ──────────────▶ closed
 */
import type { CloseReason } from './close-reason.ts';
import type { Frame } from './frame.ts';

export interface FrameSession {
  /** Never reused in the life of a process. */
  readonly key: number;
  /** `host:port` of the other end. */
  readonly remoteAddress: string;
  readonly state: 'open' | 'closed';
  /** Why it ended; `undefined` while it is open. */
  readonly closedReason: CloseReason | undefined;
  /** Bytes that wait: for the end of this turn, or for the other side to read. */
  readonly unsentBytes: number;
  /** Whether more bytes than these wait. Costs nothing where few do. */
  waitsOver(bytes: number): boolean;
  /** Bytes of answers that are still to be sent; see `readUntilPromisedBytes`. */
  promisedBytes: number;
  /** The largest `size` accepted from now on. */
  set maxFrameBytes(bytes: number);
  /** The largest `size` that the other side accepts from now on; the table's `maxSentFrameBytes` at first. */
  set maxSentFrameBytes(bytes: number);
  /** The heartbeat that the other side asks for, where it differs from the table's. */
  heartbeatMs: number | undefined;

  /**
   * Queues an encoded frame; it leaves at the end of this turn, or of the table's `gatherMs`, with all others
   * that wait in one write.
   * On a closed session it does nothing and returns false. Over `maxUnsentBytes` the session is closed as
   * `slow_reader`. Throws `frame_too_large`, and sends nothing, for a frame that the other side does not
   * accept.
   */
  send(frame: Uint8Array): boolean;
  /**
   * Ends the session: what was sent and the farewell still leave, then the connection ends. The handler hears
   * of it before this returns. A second call does nothing.
   */
  close(reason: CloseReason): void;
  /**
   * Ends the session, and the connection in this turn: the farewell leaves only as far as the network takes
   * it at once. Ends the connection of a closed session, too.
   */
  drop(reason: CloseReason): void;
  /**
   * Closes the session with `reason` unless another deadline, or none, is set within `delayMs`. There is one
   * at a time, and it is not judged while bytes of the other side wait for their turn.
   */
  setDeadline(delayMs: number, reason: CloseReason): void;
  clearDeadline(): void;
}

/** What hears of a session. It must not throw; one that does ends the session as `internal`. */
export interface SessionHandler {
  /** A frame came; it is the handler's only until it returns. */
  frame(frame: Frame): void;
  /** Nothing has come for a heartbeat: something should be sent that is answered. */
  quiet(): void;
  /** The last frame to send before the connection ends, if any. Asked for ends that this side decided. */
  farewell(reason: CloseReason): Uint8Array | undefined;
  /** The session is over. */
  closed(reason: CloseReason): void;
}
