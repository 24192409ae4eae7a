/**
 * What connecting rejects with, and what using a client that was closed does. A call that fails is a
 * `Failure` instead; the end of a connection is never an error but a value.
 */

/**
 * `nobody_listens`: no process at the address. `unreachable`: no connection for another reason (name, route,
 * time, certificate). `not_welcomed`: connected, and the other side said no or nothing. `closed`: this client
 * was closed by its owner. `bad_option`: an option, of connecting or of a call, or a handler that is unknown
 * or out of range.
 */
export type ClientErrorCode = 'nobody_listens' | 'unreachable' | 'not_welcomed' | 'closed' | 'bad_option';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

export function badOption(message: string): ClientError {
  return new ClientError('bad_option', message);
}
