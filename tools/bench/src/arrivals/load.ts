/**
 * P11: everybody sets out at once, as far as the bound of what a load has under way lets them, and stays.
 * Timed is an arrival; who fails to arrive, or does not stay, is counted.
 */

import type { ArrivalContender } from '../contender.ts';
import { openAll, own } from '../load.ts';
import type { Load } from '../load.ts';

export const load: Load<ArrivalContender> = async (contender, { served, variant, share }, { counter }) => {
  const { connections, inFlight, roomSize } = variant;
  // Who comes after each other goes to other rooms: where each is made by the first who comes, few wait for
  // that.
  const rooms = Math.ceil(connections / roomSize);
  const arrive = async (member: number): Promise<void> => {
    let isThere = false;
    const began = performance.now();
    try {
      const place = { member, room: member % rooms };
      await contender.arrive(served, place, () => {
        if (isThere) counter.failed(new Error('it was there, and was lost'));
      });
      isThere = true;
      counter.took(performance.now() - began);
      counter.count();
    } catch (error) {
      counter.failed(error);
    }
  };
  await openAll(own(connections, share), arrive, inFlight);
};
