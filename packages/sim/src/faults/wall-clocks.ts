/**
 * Somebody sets the time of day of this machine or that, by up to an hour, forward or back. Nothing may notice: so a run in which
 * nobody does is the same, line by line.
 */
import { APP_NAMES } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../world.ts';

const PAUSE_MS = 8_000;
const HOUR_MS = 3_600_000;

export function setWallClocks(world: World, cluster: Cluster, steady: boolean): void {
  const random = world.random.fork('wall clocks');
  /** What the machine's clock shows outlives the process. */
  const offsets = new Map<string, number>();
  cluster.onStart(({ name, process }) => {
    process.clock.wallOffsetMs = offsets.get(name) ?? 0;
  });
  const later = (): void => {
    world.clock.setTimer(random.between(0, PAUSE_MS), () => {
      const name = random.pick(APP_NAMES);
      const offsetMs = steady ? 0 : Math.round(random.between(-HOUR_MS, HOUR_MS));
      offsets.set(name, offsetMs);
      const app = cluster.app(name);
      if (app !== undefined) app.process.clock.wallOffsetMs = offsetMs;
      later();
    });
  };
  later();
}
