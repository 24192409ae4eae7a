/** What an app is made of: things that start one after another, and stop in reverse. */
import { formatAddress } from '@lobby/net-frame';
import type { ServerPulse } from '@lobby/pulse';

/** Something that an app starts and stops: a server, a link, a store. */
export interface Part {
  readonly name: string;
  /** Resolves when the part is in service. A start that rejects has left nothing behind. */
  start(): Promise<unknown> | void;
  /** Resolves when the part has let go of everything. Twice does no harm. */
  stop(): Promise<unknown> | void;
  /** Where it listens, for /info and the log. */
  address?(): string | undefined;
}

/** A port as a part. */
export function serverPart(name: string, port: ServerPulse): Part {
  return {
    name,
    start: () => port.start(),
    stop: () => port.stop(),
    address: () => (port.address === undefined ? undefined : formatAddress(port.address)),
  };
}
