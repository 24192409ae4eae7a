/** The limits of a pulse, whatever is spoken on it: every one finite, in one place, checked once. */
import { PulseError } from './errors.ts';

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

/**
 * The limits with the defaults filled in, frozen. Throws `bad_option` on an unknown limit or one that is not
 * over 0.
 */
export function pulseLimits(given: Partial<PulseLimits> = {}): PulseLimits {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(PULSE_LIMITS, key))
      throw new PulseError(
        'bad_option',
        `unknown limit "${key}": known are ${Object.keys(PULSE_LIMITS).join(', ')}`,
      );
    if (!(Number.isFinite(value) && value > 0))
      throw new PulseError('bad_option', `limit "${key}" is ${value}: it must be a finite number over 0`);
  }
  return Object.freeze({ ...PULSE_LIMITS, ...given });
}
