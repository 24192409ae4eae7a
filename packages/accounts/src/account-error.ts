/**
 * The one error of this package. Callers match `code`, never the message.
 * A message says what was wrong and what to do; it never holds a password, a hash or a token.
 */
/**
 * - `name_taken`: another account has this name, or one that folds to the same key.
 * - `wrong_credentials`: unknown name, wrong password or invalid token; the first two are not told apart.
 * - `overloaded`: too much waits to be hashed or stored; nothing was done, asking again later is safe.
 * - `bad_request`: a name, password or option that breaks its rule; asking again does not help.
 * - `storage`: the accounts cannot be read or written; a register may or may not have been stored.
 */
export type AccountErrorCode = 'name_taken' | 'wrong_credentials' | 'overloaded' | 'bad_request' | 'storage';

export interface AccountErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number;
}

/** What every verb of this package rejects with. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: AccountErrorCode;
  /** When asking again may succeed, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(code: AccountErrorCode, message: string, options: AccountErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
