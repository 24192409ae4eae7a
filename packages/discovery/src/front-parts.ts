/**
 * The parts of a front, in the one order in which they come and go: see ADR 11. They alone end its client
 * port.
 *
 *     start: the client port listens ──▶ the links connect, which tell the backs where it listens
 *     stop:  the services say goodbye ──▶ the client port ends its sessions ──▶ the links end
 *            ──▶ the services forget
 *
 * Invariant: while a client's session ends, the links are up, so that the backs hear of it.
 */
import type { ServerPulse } from '@lobby/pulse';
import type { BackLink } from './back-link.ts';
import { serverPart } from './part.ts';
import type { Part } from './part.ts';

/** A service behind a client port. */
export interface FrontService {
  /** After its stop no timer is left. */
  readonly part: Part;
  /** Tells its clients that this front stops; the port ends their sessions right after. */
  sayGoodbye(): void;
}

export interface FrontPartsOptions {
  readonly port: ServerPulse;
  readonly links: readonly BackLink[];
  /** They say goodbye in this order. */
  readonly services: readonly FrontService[];
}

/** To be started in this order, and stopped in reverse. */
export function frontParts({ port, links, services }: FrontPartsOptions): Part[] {
  const clientPort = serverPart('client port', port);
  const linkParts: Part[] = links.map((link) => ({
    name: link.name,
    start: () => link.start(),
    stop: () => link.stop(),
  }));
  return [
    ...services.map(({ part }) => part),
    // They come after the port, and go after it too: it starts them.
    ...linkParts.map((link) => ({ ...link, start: () => undefined })),
    {
      ...clientPort,
      start: async () => {
        await clientPort.start();
        for (const link of linkParts) await link.start();
      },
      stop: async () => {
        for (const service of services) service.sayGoodbye();
        await clientPort.stop();
      },
    },
  ];
}
