/**
 * What a front tells is believed for what the front can hold, and for nothing more. One that tells of
 * something else is broken, or is not what it says: its link is ended, and nothing of the word is kept.
 */
import type { Log } from '@lobby/pulse';
import type { Front } from './front.ts';

/** Ends the link of a front that told `what` cannot be. Metrics count it among the ended sessions. */
export function distrust(front: Front, log: Log, what: Readonly<Record<string, unknown>>): void {
  const { service, node } = front.up;
  log.error({ front: node, service, ...what }, 'a front told of what it cannot hold, its link is ended');
  front.session.close('implausible', `${service} ${node} told of what it cannot hold`);
}
