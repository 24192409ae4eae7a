/**
 * Two users whom nobody has met do everything that a user can do, at a lobby that has been left in peace:
 * every step must succeed. Each step is told when it is done; after a fault nothing more is tried.
 */
import type { Address } from '@lobby/net-frame';
import type { Connection } from './connection.ts';
import { isRefusal } from './random-user.ts';
import type { User } from './user.ts';

export interface ProbeOptions<C extends Connection> {
  readonly host: User<C>;
  readonly guest: User<C>;
  /** The fronts where the two log in. */
  readonly at: readonly [host: Address, guest: Address];
  readonly tokenOf: (name: string) => string | Promise<string>;
  /** Of the room that they meet in, and of the request for it. */
  readonly title: string;
  readonly done?: (step: ProbeStep) => void;
}

export const PROBE_STEPS = Object.freeze([
  'connect',
  'login',
  'create',
  'list',
  'reserve',
  'check in',
  'chat',
  'leave',
  'log out',
] as const);
export type ProbeStep = (typeof PROBE_STEPS)[number];

export interface ProbeFault {
  readonly step: ProbeStep;
  /** Why it failed, in words. */
  readonly fault: string;
}

class StepFault extends Error {}

/**
 * Resolves with the step that failed; `undefined` where none did. Rejects with what is neither a refusal nor
 * the end of a connection.
 */
export async function probe<C extends Connection>(options: ProbeOptions<C>): Promise<ProbeFault | undefined> {
  const { host, guest, at, tokenOf, title, done = () => undefined } = options;
  let step: ProbeStep = 'connect';
  const arrive = async (user: User<C>, to: Address): Promise<void> => {
    step = 'connect';
    if ((await user.connect(to)) === undefined) throw new StepFault(`${user.name} could not connect`);
    step = 'login';
    await user.login({ token: await tokenOf(user.name) });
  };
  /** This step is done, and that one is next. */
  const then = (next: ProbeStep): void => {
    done(step);
    step = next;
  };
  try {
    await arrive(host, at[0]);
    await arrive(guest, at[1]);
    done('connect');
    then('create');
    const wish = { title, capacity: 2, requestId: title };
    const { room: made } = await host.create(wish);
    const { room: again } = await host.create(wish);
    if (again.roomId !== made.roomId) throw new StepFault('the same request made two rooms');
    then('list');
    const { rooms } = await guest.page({ page: 1, pageSize: 100, title });
    if (!rooms.some(({ roomId }) => roomId === made.roomId))
      throw new StepFault('the room that was made is not listed');
    then('reserve');
    await guest.reserve(made.roomId);
    then('check in');
    await host.checkIn({ apart: true });
    const { users } = await guest.checkIn({ apart: true });
    if (users.length !== 2)
      throw new StepFault(`there are ${users.length} in the room, and two have entered`);
    then('chat');
    await host.chat(`${host.name} says 1`);
    then('leave');
    const there = [host, guest].map(({ place }) => place?.connection);
    await guest.leave();
    await host.leave();
    then('log out');
    await host.logout();
    await guest.logout();
    done(step);
    for (const connection of there) connection?.close();
    return undefined;
  } catch (error) {
    if (error instanceof StepFault) return { step, fault: error.message };
    if (isRefusal(error)) return { step, fault: `${error.code}: ${error.message}` };
    throw error;
  } finally {
    for (const { lobby, place } of [host, guest]) {
      place?.connection.close();
      lobby?.close();
    }
  }
}
