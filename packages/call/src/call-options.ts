/**
 * What a caller may ask of one call. Neither is needed for it to settle: the end of the session settles it.
 */

export interface CallOptions {
  /**
   * The caller's patience: when it aborts, the call settles as unknown; an answer that comes later is dropped
   * and counted.
   */
  readonly signal?: AbortSignal;
  /** Milliseconds after which it settles as unknown with the code `deadline`. */
  readonly deadlineMs?: number;
}
