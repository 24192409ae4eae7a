/**
 * lobby-master is killed under many users, and comes back: nobody loses a connection, what waited for it is
 * told at once, and when it listens again all are registered and logins work in a moment.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@lobby/cluster';
import { Crowd, enterDoor, forEach, login } from './crowd.ts';
import type { Guest } from './crowd.ts';
import type { Door } from '../bots/town.ts';
import type { Drill, DrillReport, DrillSize, Stage } from './drill.ts';
import { listening } from './listening.ts';
import { countUsers } from './user-books.ts';

/** Logins that wait for the master when it dies. */
const WAITING = 50;
const SETTLED_WITHIN_MS = 1_000;
const REGISTERED_WITHIN_MS = 3_000;
const LOGIN_WITHIN_MS = 1_000;
const PATIENCE_MS = 60_000;
/** Between two logins on one front; a session may send 30 frames a second. */
const RETRY_MS = 40;

async function run(stage: Stage, { users }: DrillSize, loginWithinMs?: number): Promise<DrillReport> {
  const { cluster, fronts } = stage;
  const master = cluster.app('lobby-master');
  using crowd = await Crowd.arrive(users, { called: 'guest', doors: fronts });
  const { settledMs, faults } = await killUnderLogins(stage);
  master.start();
  const listensAt = await listening(master);
  const firstLogin = timeOfLogin(fronts, listensAt);
  const registeredMs = await eventually(
    'everybody is registered again',
    async () => (await countUsers(master)) >= users && performance.now() - listensAt,
    { withinMs: PATIENCE_MS, everyMs: 20 },
  );
  const loginMs = await firstLogin;
  await cluster.ready();
  return {
    faults: [
      ...faults,
      ...crowd.lost.map(({ name, link }) => `${name} lost the connection to ${link.node}`),
      ...crowd.guests.filter(({ kickouts }) => kickouts > 0).map(({ name }) => `${name} was put out`),
    ],
    figures: [
      { name: 'users', value: users, unit: '' },
      { name: 'connections lost', value: crowd.lost.length, unit: '', most: 0 },
      {
        name: 'open calls settled after the kill, the last',
        value: settledMs,
        unit: 'ms',
        most: SETTLED_WITHIN_MS,
      },
      {
        name: 'all registered after it listens',
        value: registeredMs,
        unit: 'ms',
        most: REGISTERED_WITHIN_MS,
      },
      {
        name: 'first login after it listens',
        value: loginMs,
        unit: 'ms',
        ...(loginWithinMs === undefined ? {} : { most: loginWithinMs }),
      },
    ],
  };
}

/** Kills the master while logins wait for it; how long the last of them waited after that. */
async function killUnderLogins({ cluster, fronts }: Stage): Promise<{ settledMs: number; faults: string[] }> {
  const master = cluster.app('lobby-master');
  const names = Array.from({ length: WAITING }, (_, index) => `waiting-${index}`);
  const guests = await forEach(names, (name, index) =>
    enterDoor(name, fronts[index % fronts.length] as Door),
  );
  master.kill('SIGSTOP');
  const settledAt: number[] = [];
  const waiting = guests.map(async (guest) => {
    const outcome = await login(guest);
    settledAt.push(performance.now());
    return outcome;
  });
  await eventually('the logins are under way', async () => {
    const counts = await Promise.all(
      fronts.map(async ({ node }) => (await cluster.app(node).admin<{ total: number }>('/calls')).total),
    );
    return counts.reduce((sum, count) => sum + count, 0) >= WAITING;
  });
  const killedAt = performance.now();
  master.kill('SIGKILL');
  const outcomes = await Promise.all(waiting);
  await master.exited;
  for (const { link } of guests) link.close();
  const wrong = outcomes.filter(
    (outcome) => outcome.kind !== 'failure' || outcome.code !== 'backend_unavailable',
  );
  return {
    settledMs: Math.max(...settledAt) - killedAt,
    faults: wrong.map((outcome) => `a login that waited came to ${JSON.stringify(outcome)}`),
  };
}

/**
 * Milliseconds until the first login that succeeds, on whichever front; they are tried every few
 * milliseconds.
 */
async function timeOfLogin(fronts: readonly Door[], since: number): Promise<number> {
  const done = new AbortController();
  const tried = fronts.map(async (door) => {
    let guest: Guest | undefined;
    while (!done.signal.aborted) {
      if (guest?.link.isOpen !== true) guest = await enterDoor(`newcomer-${door.node}`, door);
      if ((await login(guest)).kind === 'reply') break;
      await pause(RETRY_MS);
    }
    const tookMs = performance.now() - since;
    guest?.link.close();
    return tookMs;
  });
  const firstMs = await Promise.race(tried);
  done.abort();
  await Promise.all(tried);
  return firstMs;
}

const WORDS = 'lobby-master is killed under users, and comes back';

export const masterKilled: Drill = {
  name: 'master-killed',
  words: WORDS,
  fronts: 2,
  size: { users: 2_000, times: 1 },
  run: (stage, size) => run(stage, size, LOGIN_WITHIN_MS),
};

export const tenThousand: Drill = {
  name: 'ten-thousand',
  words: WORDS,
  fronts: 4,
  size: { users: 10_000, times: 1 },
  run: (stage, size) => run(stage, size),
};
