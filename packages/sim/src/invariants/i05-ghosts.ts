/**
 * I5: what a front held is gone from the masters' books with its session, and its session is gone when it is
 * dead.
 */
import type { Front } from '@lobby/discovery';
import type { App } from '../cluster/app.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** Three heartbeats and a sweep, and what it takes to be seen. */
const DETECTED_MS = 10_000;

export const noGhosts: MakeInvariant = ({ world, cluster }) => {
  function ghost({ process, services }: App): Finding {
    const now = world.clock.now();
    const watchedFrom = Math.max(process.startedAt, process.resumedAt);
    const isLate = ({ up }: Front): boolean => {
      const diedAt = cluster.diedAt(up.boot);
      return diedAt !== undefined && now - Math.max(diedAt, watchedFrom) > DETECTED_MS;
    };
    const registries = [
      services.lobbyMaster?.fronts,
      services.roomMaster?.lobbies,
      services.roomMaster?.runners,
    ];
    for (const registry of registries)
      for (const front of registry?.fronts.values() ?? [])
        if (isLate(front))
          return `${process.name} still knows ${front.up.node} of ${front.up.boot}, which died ${DETECTED_MS} ms ago and more`;
    return undefined;
  }

  /** Something in the books is of a front whose session has ended. */
  function leftOf({ services: { lobbyMaster, roomMaster } }: App): Finding {
    for (const { name, front } of lobbyMaster?.logins ?? [])
      if (front.session.state === 'closed')
        return `lobby-master has ${name} on ${front.up.node}, whose session has ended`;
    for (const { record, front } of roomMaster?.books.rooms.values() ?? [])
      if (front.session.state === 'closed')
        return `room-master has the room ${record.roomId} on ${front.up.node}, whose session has ended`;
    for (const { record, front } of roomMaster?.books.seats.values() ?? [])
      if (front.session.state === 'closed')
        return `room-master has a seat of ${record.user} on ${front.up.node}, whose session has ended`;
    return undefined;
  }

  /** How much each master had in its books, and how many sessions, when it was last looked at. */
  const sizes = new WeakMap<App, readonly unknown[]>();

  /** Most events leave the books as they are. */
  function isSame(app: App): boolean {
    const { port, services } = app;
    const { lobbyMaster, roomMaster } = services;
    const before = sizes.get(app);
    const now = [port?.sessions.size, lobbyMaster?.size, roomMaster?.size, roomMaster?.held];
    sizes.set(app, now);
    return before?.every((size, nth) => size === now[nth]) === true;
  }

  return {
    id: 'I5',
    step: (app) => (isSame(app) ? undefined : leftOf(app)),
    tick: () => {
      for (const app of cluster.apps) {
        if (app.process.clock.state !== 'running') continue;
        const found = ghost(app) ?? leftOf(app);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
};
