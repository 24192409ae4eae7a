/**
 * What this package throws: misuse and bad frames. A session's end is never an error but a value, see
 * `close-reason.ts`.
 */

export type NetFrameErrorCode = 'bad_frame' | 'bad_option' | 'frame_too_large';

export class NetFrameError extends Error {
  override readonly name = 'NetFrameError';
  readonly code: NetFrameErrorCode;

  constructor(code: NetFrameErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function badOption(message: string): NetFrameError {
  return new NetFrameError('bad_option', message);
}
