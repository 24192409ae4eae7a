/**
 * What starting and steering a cluster rejects with. The message has the end of the app's log where that
 * explains it.
 */

/**
 * `app_ended`: an app ended by itself. `port_taken`: it did because a port was taken. `not_ready`: it runs
 * and does not get ready. `misuse`: it was asked for what its state does not allow. `late`: a condition that
 * was waited for did not come true.
 */
export type ClusterErrorCode = 'app_ended' | 'port_taken' | 'not_ready' | 'misuse' | 'late';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
