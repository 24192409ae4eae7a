/** The limits of a pulse, whatever is spoken on it: every one finite, in one place, checked once. */
import { milliseconds, optionsOf, wholeNumber } from '@lobby/net-frame/options';

/** The limits of a pulse; see `PULSE_LIMITS` for the defaults. */
export interface PulseLimits {
  /** Calls of one session that may wait for answers. */
  readonly maxPendingCalls: number;
  /**
   * Bytes that wait for the other side to read, over which calls are refused: it must not have to read even
   * more.
   */
  readonly busyUnsentBytes: number;
  /** Milliseconds after which this side answers `deadline` for a handler that has not finished. */
  readonly answerTimeoutMs: number;
  /** Milliseconds after which a call without an answer ends its session: the peer is broken. */
  readonly stuckCallMs: number;
}

export const PULSE_LIMITS: PulseLimits = Object.freeze({
  maxPendingCalls: 10_000,
  busyUnsentBytes: 8 * 1024 * 1024,
  answerTimeoutMs: 5_000,
  stuckCallMs: 30_000,
});

/** The limits with the defaults filled in. */
export const pulseLimitsCheck = optionsOf<PulseLimits>(
  {
    maxPendingCalls: wholeNumber(1),
    busyUnsentBytes: wholeNumber(1),
    answerTimeoutMs: milliseconds,
    stuckCallMs: milliseconds,
  },
  PULSE_LIMITS,
);
