/**
 * How a call that was made ended without a reply: as a value that is thrown, and that can be passed on to
 * whoever asked.
 */
import { Failure } from '@lobby/protocol';
import type { FailureCode, FailureDetails } from '@lobby/protocol';

/**
 * `failure`: the peer said so. `refused`: it was never sent, so it surely has not run. `unknown`: it was sent
 * and the session, the caller's patience or the deadline ended before an answer: it may have run.
 */
export type CallOutcome = 'failure' | 'refused' | 'unknown';

/**
 * A `Failure`, so that a handler which lets it pass tells its own caller the truth: the code, and
 * `mayHaveRun` where the outcome is unknown.
 */
export class CallFailure extends Failure {
  override readonly name = 'CallFailure';
  readonly outcome: CallOutcome;
  /**
   * The name of the call's topic, where it is known. It is for logs: whoever this is passed on to does not
   * see it.
   */
  readonly topic: string | undefined;

  constructor(
    outcome: CallOutcome,
    code: FailureCode,
    details: FailureDetails & { readonly message: string; readonly topic?: string },
  ) {
    super(code, details.message, { ...details, mayHaveRun: details.mayHaveRun ?? outcome === 'unknown' });
    this.outcome = outcome;
    this.topic = details.topic;
  }
}
