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

  return {
    id: 'I5',
    step: ({ services: { lobbyMaster, roomMaster } }) => {
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
    },
    tick: () => {
      for (const app of cluster.apps) {
        if (app.process.clock.state !== 'running') continue;
        const found = ghost(app);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
};
