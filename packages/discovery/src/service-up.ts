/**
 * What every service says of itself when it announces itself, and when two of these words come from one
 * server.
 */
import type { PayloadOf, service } from '@lobby/protocol';

/** What every service says of itself. */
export type ServiceUp = PayloadOf<typeof service.synLobbyRunnerUp>;

/**
 * The same process again, or its successor at the same address: the older connection can only be half open.
 */
export function isSameServer(a: ServiceUp, b: ServiceUp): boolean {
  if (a.service !== b.service || a.node !== b.node) return false;
  return a.boot === b.boot || (a.address?.host === b.address?.host && a.address?.port === b.address?.port);
}
