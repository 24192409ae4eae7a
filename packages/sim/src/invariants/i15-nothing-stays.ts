/**
 * I15: nothing of a session outlives it: no pulse, no subscription. At rest an app waits for few timers, and
 * uses no more strands than it has pulses that need them, however often it was connected anew.
 */
import { established } from '@lobby/pulse';
import type { Session } from '@lobby/pulse';
import type { App } from '../cluster/app.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** An answerer's time, twice: what waits on a strand may still run. */
const GONE_MS = 12_000;
/** Sweeps, announcements, time-outs of queues: some for each pulse, none for each session. */
const MOST_TIMERS = 60;

export const nothingStays: MakeInvariant = ({ world, cluster }) => {
  const sessions = new Map<App, Map<Session, number | undefined>>();

  function left({ name, process }: App, known: Map<Session, number | undefined>): Finding {
    const now = world.clock.now();
    for (const [session, closedAt] of known) {
      if (session.state !== 'closed') continue;
      if (closedAt === undefined) known.set(session, now);
      else if (now - Math.max(closedAt, process.resumedAt) > GONE_MS) {
        known.delete(session);
        const { boundPulses, boundTopics } = session;
        if (boundPulses > 0 || boundTopics > 0)
          return `${boundPulses} pulses and ${boundTopics} topics of ${name} are left of session ${session.key}, which has ended`;
      }
    }
    return undefined;
  }

  return {
    id: 'I15',
    started: (app) => {
      const known = new Map<Session, number | undefined>();
      sessions.set(app, known);
      for (const pulse of app.pulses) pulse.sub(established, (session) => void known.set(session, undefined));
    },
    tick: () => {
      for (const app of cluster.apps) {
        const known = sessions.get(app);
        const found =
          app.process.clock.state === 'running' && known !== undefined ? left(app, known) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    },
    atRest: () => {
      for (const { name, process, port, services } of cluster.apps) {
        const { timers } = process.clock;
        if (timers > MOST_TIMERS) return `${name} waits for ${timers} timers`;
        const strands = port?.strands ?? 0;
        const rooms = services.rooms?.size ?? 0;
        if (strands > rooms) return `${name} uses ${strands} strands for ${rooms} rooms`;
      }
      return undefined;
    },
  };
};
