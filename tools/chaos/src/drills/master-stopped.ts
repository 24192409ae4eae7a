/**
 * lobby-master is stopped for a while and goes on: its fronts notice by its silence, and when it goes on
 * everything is as the fronts have it; nothing that was on its way to it before counts.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@lobby/cluster';
import { auth } from '@lobby/protocol';
import type { Door } from '../bots/town.ts';
import { Crowd, enterDoor, forEach, login } from './crowd.ts';
import type { Drill, DrillReport, DrillSize, Stage } from './drill.ts';
import { bookFaults, countUsers } from './user-books.ts';

const DETECTED_WITHIN_MS = 8_000;
const HEALED_WITHIN_MS = 5_000;
const PATIENCE_MS = 60_000;
/** Those who log in and out while it is stopped: their frames lie in a connection that is given up. */
const MOST_RESTLESS = 20;

async function run(stage: Stage, { users, times: seconds }: DrillSize): Promise<DrillReport> {
  const { cluster, fronts } = stage;
  const master = cluster.app('lobby-master');
  const restless = Math.min(MOST_RESTLESS, Math.floor(users / 4));
  const stay = users - restless;
  using crowd = await Crowd.arrive(stay, { called: 'guest', doors: fronts });
  using leaving = await Crowd.arrive(restless, { called: 'restless', doors: fronts });
  const stoppedAt = performance.now();
  master.kill('SIGSTOP');
  const inVain = forEach(Array.from({ length: restless }), async (_, index) => {
    const guest = await enterDoor(`in-vain-${index}`, fronts[index % fronts.length] as Door);
    const outcome = await login(guest);
    guest.link.close();
    return outcome.kind;
  });
  await forEach(leaving.guests, async ({ link }) => {
    await link.outcome(auth.reqLogout, {});
    link.close();
  });
  const detectedMs = await eventually(
    'every front knows that lobby-master is away',
    async () => (await everyFront(stage, (ready) => !ready)) && performance.now() - stoppedAt,
    { withinMs: PATIENCE_MS, everyMs: 20 },
  );
  const kinds = await inVain;
  await pause(Math.max(0, seconds * 1_000 - (performance.now() - stoppedAt)));
  const goesOnAt = performance.now();
  master.kill('SIGCONT');
  const healedMs = await eventually(
    'every front is ready again, and everybody is registered',
    async () =>
      (await everyFront(stage, (ready) => ready)) &&
      (await countUsers(master)) === stay &&
      performance.now() - goesOnAt,
    { withinMs: PATIENCE_MS, everyMs: 20 },
  );
  using _back = await Crowd.arrive(restless, { called: 'restless', doors: fronts });
  return {
    faults: [
      ...kinds.filter((kind) => kind !== 'failure').map((kind) => `a login in vain came to: ${kind}`),
      ...crowd.lost.map(({ name, link }) => `${name} lost the connection to ${link.node}`),
      ...crowd.guests.filter(({ kickouts }) => kickouts > 0).map(({ name }) => `${name} was put out`),
      ...(await bookFaults(stage)),
    ],
    figures: [
      { name: 'users', value: users, unit: '' },
      { name: 'connections lost', value: crowd.lost.length, unit: '', most: 0 },
      { name: 'found to be away', value: detectedMs, unit: 'ms', most: DETECTED_WITHIN_MS },
      { name: 'all well after it goes on', value: healedMs, unit: 'ms', most: HEALED_WITHIN_MS },
    ],
  };
}

async function everyFront({ cluster, fronts }: Stage, is: (ready: boolean) => boolean): Promise<boolean> {
  const states = await Promise.all(
    fronts.map(async ({ node }) => (await cluster.app(node).ask({ path: '/readyz' })).status === 200),
  );
  return states.every(is);
}

export const masterStopped: Drill = {
  name: 'master-stopped',
  words: 'lobby-master is stopped for 30 s, and goes on',
  fronts: 2,
  size: { users: 900, times: 30 },
  run,
};
