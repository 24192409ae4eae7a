/**
 * Many users at once: each a connection with a login, that does nothing by itself and counts what befalls it.
 */

import { auth } from '@lobby/protocol';
import { DoorLink } from '../bots/door-link.ts';
import type { Outcome } from '../bots/door-link.ts';
import type { Door } from '../bots/town.ts';
import { tokenOf } from '../run/identity.ts';

/** Of connections and logins that are under way at the same time. */
const SIDE_BY_SIDE = 64;

/** One who is logged in, or was. */
export interface Guest {
  readonly name: string;
  readonly link: DoorLink;
  kickouts: number;
}

/** Connects and does not log in. Rejects where the front does not welcome it. */
export async function enterDoor(name: string, door: Door): Promise<Guest> {
  let guest: Guest | undefined;
  const heard = (topic: string): void => {
    if (topic === 'auth.syn_kickout' && guest !== undefined) guest.kickouts += 1;
  };
  const link = await DoorLink.open({ bot: name, door, heard });
  if (link === undefined) throw new Error(`${door.node} did not welcome ${name}`);
  return (guest = { name, link, kickouts: 0 });
}

export async function login({ name, link }: Guest): Promise<Outcome<unknown>> {
  return link.outcome(auth.reqLogin, { token: await tokenOf(name) });
}

/**
 * Does something for each, some at the same time; resolves when all is done, with what each came to, in their
 * order.
 */
export async function forEach<Item, Result>(
  items: readonly Item[],
  act: (item: Item, index: number) => Promise<Result>,
  sideBySide = SIDE_BY_SIDE,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next; index < items.length; index = next) {
      next += 1;
      results[index] = await act(items[index] as Item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, items.length) }, work));
  return results;
}

export class Crowd implements Disposable {
  readonly guests: readonly Guest[];

  private constructor(guests: readonly Guest[]) {
    this.guests = guests;
  }

  /** That many users, logged in on the doors in turn. Rejects where one of them cannot. */
  static async arrive(
    count: number,
    { called, doors }: { readonly called: string; readonly doors: readonly Door[] },
  ): Promise<Crowd> {
    const names = Array.from({ length: count }, (_, index) => `${called}-${index}`);
    const guests = await forEach(names, async (name, index) => {
      const guest = await enterDoor(name, doors[index % doors.length] as Door);
      const outcome = await login(guest);
      if (outcome.kind !== 'reply') throw new Error(`${name} could not log in: ${outcome.code}`);
      return guest;
    });
    return new Crowd(guests);
  }

  /** Those whose connection has ended. */
  get lost(): readonly Guest[] {
    return this.guests.filter(({ link }) => !link.isOpen);
  }

  [Symbol.dispose](): void {
    for (const { link } of this.guests) link.close();
  }
}
