/** Where pulses come from. Roles are types: what a role can't do does not compile. */
import { ClientPulse } from './client-pulse.ts';
import type { ClientPulseOptions } from './client-pulse.ts';
import { ServerPulse } from './server-pulse.ts';
import type { ServerPulseOptions } from './server-pulse.ts';

export const Pulse = Object.freeze({
  /** A port that others connect to. Begins with `start()`. */
  asServer: (options: ServerPulseOptions): ServerPulse => new ServerPulse(options),
  /** A connection to one address that comes back by itself. Begins with `start()`. */
  asClient: (options: ClientPulseOptions): ClientPulse => new ClientPulse(options),
});
