/**
 * The two errors of the protocol. A `ProtocolError` is what bytes or values that break the rules throw; a
 * `Failure` is the answer to a call that was not done, thrown by a handler and told to the caller with its
 * code.
 */
import type { FailureCode } from './failure-codes.ts';

/**
 * `bad_frame`: not one well-formed map, the session is lost. `bad_request`: a wrong value, only the call is
 * lost.
 */
export type ProtocolErrorCode = 'bad_frame' | 'bad_request' | 'bad_table' | 'unencodable';

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface FailureDetails {
  /** When asking again may succeed, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
  /** The request was passed on and the answer was lost: it may have been done. */
  readonly mayHaveRun?: boolean | undefined;
}

/** Thrown by whoever answers a call; reaches the caller as a failure of the same code. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  readonly code: FailureCode;
  readonly retryAfterMs: number | undefined;
  readonly mayHaveRun: boolean;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.mayHaveRun = details.mayHaveRun ?? false;
  }
}

/**
 * What a failure tells. Where thousands are told a second it need not be an error, whose stack costs more
 * than all the rest.
 */
export type FailureReason = Pick<Failure, 'code' | 'message' | 'retryAfterMs' | 'mayHaveRun'>;
