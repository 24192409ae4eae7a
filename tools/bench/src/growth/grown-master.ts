/** Both masters at one size: the variant says which. */

import type { AloneContender } from '../contender.ts';
import { measureRooms } from './grown-rooms.ts';
import { measureUsers } from './grown-users.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { ROOMS } from './sizes.ts';

export function grownTo(size: number): AloneContender {
  return {
    measure: ({ name }) => (name === ROOMS.name ? measureRooms : measureUsers)(new MemoryCluster(), size),
  };
}
