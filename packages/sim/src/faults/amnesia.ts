/**
 * Faults that follow from each other: a master loses its memory while somebody who could tell it is not
 * there.
 */
import { LOBBY_FRONTS, ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Fault } from './fault.ts';

const FRONTS_OF = { 'lobby-master': LOBBY_FRONTS, 'room-master': ROOM_FRONTS } as const;
const MASTERS = ['lobby-master', 'room-master'] as const;

/**
 * A master is killed, and is back long before one of its fronts can reach it again: what it decides meanwhile
 * it decides without that front's books, and then it hears of them.
 */
export const amnesia: Fault = ({ world, cluster, random }) => {
  const master = random.pick(MASTERS);
  if (cluster.app(master) === undefined) return undefined;
  const front = random.pick(FRONTS_OF[master]);
  cluster.kill(master);
  world.network.hold(front, master);
  world.network.hold(master, front);
  world.clock.setTimer(random.between(1, 2_000), () => cluster.start(master));
  return {
    what: { fault: 'amnesia', master, front },
    end: () => {
      cluster.start(master);
      world.network.release(front, master);
      world.network.release(master, front);
    },
    lastsMs: random.between(4_000, 15_000),
  };
};
