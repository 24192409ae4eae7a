/**
 * Calls that no client may make: words between services, and words of the other direction, about somebody
 * else. Each must fail.
 */

import { auth, room } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';

export interface Forgery {
  readonly topic: CallTopic<object, unknown>;
  readonly payload: object;
}

/** By the name of whoever forges, so that it is aimed at a neighbour, and some room. */
export const FORGERIES: readonly ((name: string, roomId: string) => Forgery)[] = [
  (name) => forge(auth.reqKickB2f, { ...victim(name), session: 1, code: 'kicked', message: 'forged' }),
  (name) => forge(auth.reqInventoryF2b, { users: [{ ...loginOf(name), session: 1 }], last: true }),
  (name) => forge(room.reqGoneF2b, { ...askerOf(name), code: 'kicked', message: 'forged' }),
  (name, roomId) => forge(room.reqReserveF2b, { ...askerOf(name), roomId }),
  (name) => forge(room.reqCreateF2b, { ...askerOf(name), title: 'forged', capacity: 8 }),
];

function forge<Request extends object>(topic: CallTopic<Request, unknown>, payload: Request): Forgery {
  return { topic: topic, payload };
}

/** The next of the bots: their names end with their numbers. */
function neighbour(name: string): string {
  return name.replace(/\d+$/, (number) => String(Number(number) + 1).padStart(number.length, '0'));
}

function victim(name: string): { name: string; epoch: number } {
  return { name: neighbour(name), epoch: 1 };
}

function askerOf(name: string): { user: string; epoch: number } {
  return { user: neighbour(name), epoch: Number.MAX_SAFE_INTEGER };
}

function loginOf(name: string): { name: string; userId: string; epoch: number } {
  return { ...victim(name), userId: 'forged' };
}
