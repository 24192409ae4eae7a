/**
 * Somebody sets the time of day of this machine or that, by up to an hour, forward or back. Nothing may
 * notice, but for one thing: rooms are listed in the order in which they were made, by the time of day of the
 * machines that hold them. So a run in which only the machines without rooms are set is the same as one in
 * which none is, line by line.
 */
import { APP_NAMES, ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../world.ts';

const PAUSE_MS = 8_000;
const HOUR_MS = 3_600_000;

/** Whose clocks are set in a run. */
export type WallClocks = 'all' | 'without rooms' | 'none';

export function setWallClocks(world: World, cluster: Cluster, whose: WallClocks): void {
  const random = world.random.fork('wall clocks');
  /** What the machine's clock shows outlives the process. */
  const offsets = new Map<string, number>();
  cluster.onStart(({ name, process }) => {
    process.clock.wallOffsetMs = offsets.get(name) ?? 0;
  });
  const later = (): void => {
    world.clock.setTimer(random.between(0, PAUSE_MS), () => {
      const name = random.pick(APP_NAMES);
      const isSet = whose === 'all' || (whose === 'without rooms' && !ROOM_FRONTS.includes(name));
      const byMs = Math.round(random.between(-HOUR_MS, HOUR_MS));
      const offsetMs = isSet ? byMs : 0;
      offsets.set(name, offsetMs);
      const app = cluster.app(name);
      if (app !== undefined) app.process.clock.wallOffsetMs = offsetMs;
      later();
    });
  };
  later();
}
