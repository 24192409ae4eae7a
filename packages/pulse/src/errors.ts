/**
 * What misuse of a pulse throws, at once. Calls reject with a `CallFailure`; the end of a session is a value.
 */

export type PulseErrorCode =
  | 'bad_option'
  | 'wrong_direction'
  | 'already_answered'
  | 'number_taken'
  | 'stopped'
  | 'started_twice'
  | 'not_connected'
  | 'strand_reentered';

export class PulseError extends Error {
  override readonly name = 'PulseError';
  readonly code: PulseErrorCode;

  constructor(code: PulseErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function badOption(message: string): PulseError {
  return new PulseError('bad_option', message);
}
