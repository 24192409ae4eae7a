/**
 * Why a session ended. It is a value, and the same one whoever closed.
 */

/** Who ended the session: this side, the other side by its farewell, or the network between. */
export type ClosedBy = 'local' | 'remote' | 'network';

export interface CloseReason {
  /** Stable and machine-readable, such as `heartbeat_timeout`; `docs/errors.md` lists all of them. */
  readonly code: string;
  /** For people: what happened, and what to do where something can be done. */
  readonly message: string;
  readonly by: ClosedBy;
  /** What was thrown and nobody meant to throw: for this side's log, never for the other side. */
  readonly cause?: unknown;
}

/** This side ends the session, for this reason. */
export function closeReason(code: string, message: string): CloseReason {
  return { code, message, by: 'local' };
}
