/**
 * I25: no link between services ends for what was said on it, nor for how much: what is too large, or too
 * much, is the failure of one call. A client that reads, however slowly, and asks what it may, is not cut
 * either; `bots/reader.ts` is such a client, and says so itself.
 */
import { closed } from '@lobby/pulse';
import type { App } from '../cluster/app.ts';
import type { MakeInvariant } from './invariant.ts';

/** How a session ends whose other side has said what it may not. */
const MISSPOKEN: ReadonlySet<string> = new Set([
  'bad_frame',
  'bad_request',
  'unknown_topic',
  'internal',
  'flood',
]);
/** The product's, where the run has no other. */
const MOST_UNSENT_BYTES = 32 * 1024 * 1024;
/** What the systems at both ends may hold of it, which this side sees no more. */
const UNSEEN_BYTES = 128 * 1024;

export const linksEndure: MakeInvariant = ({ world }) => {
  function watch(app: App): void {
    const { services, settings, links, port } = app;
    const isMaster = services.lobbyMaster !== undefined || services.roomMaster !== undefined;
    const pulses = isMaster && port !== undefined ? [port] : links.map(({ pulse }) => pulse);
    const { maxUnsentBytes = MOST_UNSENT_BYTES } = settings.serviceLimits ?? {};
    for (const pulse of pulses)
      pulse.sub(closed, ({ peer, unsentBytes }, { code }) => {
        const who = `the link of ${app.name} and ${peer?.node}`;
        if (MISSPOKEN.has(code)) world.report('I25', `${who} ended as ${code}`);
        else if (code === 'slow_reader' && unsentBytes > maxUnsentBytes - UNSEEN_BYTES)
          world.report('I25', `${who} ended because ${unsentBytes} bytes waited on it`);
      });
  }

  return { id: 'I25', started: watch };
};
