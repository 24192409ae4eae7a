/**
 * What can be wrong with a connection between two processes. `up` is the way of the bytes of whoever
 * connected, `down` the way back.
 */

export type Way = 'up' | 'down';

export type LinkFault =
  /** Bytes arrive later, in their order. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Bytes arrive slowly. */
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /**
   * Half-open: bytes and ends of that way vanish, and nobody is told. What has lost bytes is reset when the
   * fault is over.
   */
  | { readonly kind: 'swallow'; readonly way: Way | 'both' }
  /** That many more bytes of that way pass, then the connection is reset in the middle of whatever it was. */
  | { readonly kind: 'truncate'; readonly way: Way; readonly bytes: number }
  /** The connection is reset at once; one that is made while it lasts, too. */
  | { readonly kind: 'reset' };

export function inWords(fault: LinkFault): string {
  switch (fault.kind) {
    case 'delay':
      return `bytes take ${fault.ms} ms`;
    case 'throttle':
      return `${fault.bytesPerSecond} bytes a second pass`;
    case 'swallow':
      return fault.way === 'both' ? 'bytes of both ways vanish' : `bytes on the way ${fault.way} vanish`;
    case 'truncate':
      return `${fault.bytes} more bytes on the way ${fault.way} pass, then a reset`;
    case 'reset':
      return 'connections are reset';
  }
}
