/** P8: lanes of travellers. In each lane one is under way, and the next sets out when that one is gone. */

import type { JourneyContender } from '../contender.ts';
import type { Load } from '../load.ts';

export const load: Load<JourneyContender> = async (contender, { served, variant }, { counter, pace }) => {
  let users = 0;
  for (let lane = 0; lane < variant.inFlight; lane += 1)
    pace.lane(async () => {
      const began = performance.now();
      await contender.travel(served, lane, (users += 1));
      counter.took(performance.now() - began);
      counter.count();
    });
};
