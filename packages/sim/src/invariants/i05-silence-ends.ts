/**
 * I5, the other half of it: a connection on which nothing comes any more is ended, so that silence is found
 * out. Who does not read hears no silence.
 */
import { ADDRESSES } from '../cluster/make-app.ts';
import type { MakeInvariant } from './invariant.ts';

/** Sweeps, and what the last of them may be late by. */
const LATE_MS = 3_000;

export const silenceEnds: MakeInvariant = ({ world, cluster }) => ({
  id: 'I5',
  tick: () => {
    const now = world.clock.now();
    for (const end of world.network.ends) {
      const { process } = end;
      if (!end.isOpen || end.paused || process.everLagged || process.clock.state !== 'running') continue;
      const app = cluster.appOf(process);
      if (app === undefined) continue;
      const isOfClient = !Object.hasOwn(ADDRESSES, end.out.to.process.name);
      const { clientHeartbeatMs, serviceHeartbeatMs } = app.settings;
      const mostMs = 3 * (isOfClient ? clientHeartbeatMs : serviceHeartbeatMs) + LATE_MS;
      const silentMs = now - Math.max(end.heardAt, process.resumedAt);
      if (silentMs > mostMs)
        return `${app.name} has heard nothing of ${end.out.to.process.name} for ${Math.round(silentMs)} ms, and keeps the connection`;
    }
    return undefined;
  },
});
