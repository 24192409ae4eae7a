/**
 * Every user logs in again and again, on fronts at random, several times at once: in the end each is logged
 * in on exactly one connection, and every other one was told so exactly once.
 */
import { eventually } from '@lobby/cluster';
import type { Door } from '../bots/town.ts';
import { Chance } from '@lobby/players';
import { enterDoor, forEach, login } from './crowd.ts';
import type { Guest } from './crowd.ts';
import type { Drill, DrillReport, DrillSize, Stage } from './drill.ts';
import { bookFaults } from './user-books.ts';

/** Logins of one user at the same time, and users at the same time. */
const AT_ONCE = 3;
const USERS_AT_ONCE = 40;
const PATIENCE_MS = 60_000;

interface Attempt {
  readonly guest: Guest;
  readonly isIn: boolean;
  readonly code: string;
}

async function run(stage: Stage, { users, times }: DrillSize): Promise<DrillReport> {
  const { fronts } = stage;
  const chance = new Chance('login-hammer');
  const names = Array.from({ length: users }, (_, index) => `hammer-${index}`);
  const begun = performance.now();
  const byUser = await forEach(
    names,
    (name) =>
      forEach(
        Array.from({ length: times }),
        async (): Promise<Attempt> => {
          const guest = await enterDoor(name, chance.pick<Door>(fronts));
          const outcome = await login(guest);
          // One that was put out before its reply came has been let in, too.
          const isIn = outcome.kind === 'reply' || guest.kickouts > 0;
          if (!isIn) guest.link.close();
          return { guest, isIn, code: outcome.kind === 'reply' ? 'reply' : outcome.code };
        },
        AT_ONCE,
      ),
    USERS_AT_ONCE,
  );
  const tookMs = performance.now() - begun;
  const isOpen = ({ guest, isIn }: Attempt): boolean => isIn && guest.link.isOpen;
  await eventually('one login of each is left', () => byUser.every((all) => all.filter(isOpen).length <= 1), {
    withinMs: PATIENCE_MS,
  });
  const all = byUser.flat();
  const refused = all.filter(({ isIn }) => !isIn);
  const faults = [
    ...byUser.flatMap((attempts, index) => faultsOf(names[index] as string, attempts)),
    ...refused.map(({ guest, code }) => `a login of ${guest.name} on ${guest.link.node} failed: ${code}`),
    ...(users <= 1_000 ? await bookFaults(stage) : []),
  ];
  for (const { guest } of all) guest.link.close();
  return {
    faults,
    figures: [
      { name: 'users', value: users, unit: '' },
      { name: 'logins', value: all.length, unit: '' },
      { name: 'logins a second', value: Math.round((all.length * 1_000) / tookMs), unit: '' },
      { name: 'logins that failed', value: refused.length, unit: '', most: 0 },
    ],
  };
}

function faultsOf(name: string, attempts: readonly Attempt[]): string[] {
  const admitted = attempts.filter(({ isIn }) => isIn);
  const left = admitted.filter(({ guest }) => guest.link.isOpen);
  return [
    ...(left.length === 1 ? [] : [`${name} is logged in ${left.length} times`]),
    ...left.filter(({ guest }) => guest.kickouts > 0).map(() => `${name} was put out, and is connected`),
    ...admitted
      .filter(({ guest }) => !guest.link.isOpen && guest.kickouts !== 1)
      .map(({ guest }) => `a login of ${name} on ${guest.link.node} ended with ${guest.kickouts} kickouts`),
  ];
}

export const loginHammer: Drill = {
  name: 'login-hammer',
  words: 'every user logs in 20 times, on fronts at random',
  fronts: 3,
  size: { users: 1_000, times: 20 },
  run,
};
