/** I19: what waits for a client is bounded, whether it reads or not. */
import type { MakeInvariant } from './invariant.ts';

/** A frame more than the limit may wait, and the farewell. */
const ONE_FRAME_BYTES = 20 * 1024;

export const memory: MakeInvariant = () => ({
  id: 'I19',
  looksAtAll: true,
  step: ({ name, port, settings, services: { lobby, rooms } }) => {
    if (lobby === undefined && rooms === undefined) return undefined;
    const most = settings.maxUnsentBytes + ONE_FRAME_BYTES;
    for (const { key, unsentBytes } of port?.sessions.values() ?? [])
      if (unsentBytes > most) return `${unsentBytes} bytes wait on session ${key} of ${name}, ${most} may`;
    return undefined;
  },
});
