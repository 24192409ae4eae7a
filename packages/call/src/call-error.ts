/**
 * What a call that is asked for wrongly rejects with, at once; how one that was made ends is a `CallFailure`.
 */

/** `bad_option`: an option of the call is unknown or out of range. */
export type CallErrorCode = 'bad_option';

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;

  constructor(code: CallErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
