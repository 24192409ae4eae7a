/** Faults of the conversation between services: what is said twice, or out of time. */
import { service } from '@lobby/protocol';
import type { Fault } from './fault.ts';

/** A front announces itself to a master once more than it should. */
export const announceAgain: Fault = ({ cluster, random }) => {
  const fronts = cluster.apps.filter(({ links }) => links.length > 0);
  if (fronts.length === 0) return undefined;
  const app = random.pick(fronts);
  const link = random.pick(app.links);
  const { identity, address, services } = app;
  const isLobby = link.name === 'lobby-master' || services.rooms === undefined;
  const load = {
    users: services.lobby?.size ?? 0,
    rooms: services.rooms?.size ?? 0,
    seats: services.rooms?.held ?? 0,
  };
  app.process.clock.run(() => {
    const topic = isLobby ? service.synLobbyRunnerUp : service.synRoomRunnerUp;
    const up = { ...identity, service: isLobby ? 'lobby-runner' : 'room-runner' };
    for (let nth = 0; nth < 2; nth += 1)
      link.send(topic, { ...up, version: 'sim', address, load, draining: false });
  });
  return {
    what: { fault: 'announce_again', app: app.name, link: link.name },
    end: () => undefined,
    lastsMs: 1,
  };
};
