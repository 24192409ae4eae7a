/**
 * I6: at every step a room's seats, entered and reserved, are no more than its capacity, and no two are one
 * user's; nor is a client told otherwise.
 */
import { capacity as capacityFold } from '@lobby/players';
import type { MakeInvariant } from './invariant.ts';

export const capacity: MakeInvariant = () => {
  const fold = capacityFold();
  return {
    id: 'I6',
    looksAtAll: true,
    told: (line) => fold.told(line)?.words,
    step: ({ name, services: { rooms } }) => {
      for (const room of rooms?.rooms.values() ?? []) {
        const { held } = room;
        if (held > room.wish.capacity)
          return `room ${room.roomId} of ${name} has ${held} seats taken, and a capacity of ${room.wish.capacity}`;
        if (held > 1 && new Set([...room.seats()].map(({ key }) => key)).size < held)
          return `a user has two seats in room ${room.roomId} of ${name}`;
      }
      return undefined;
    },
  };
};
