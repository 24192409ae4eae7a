/** P2: so many callers on each connection, each of which calls again when it is answered. */

import type { CallContender } from '../contender.ts';
import { openAll, own } from '../load.ts';
import type { Load } from '../load.ts';

export const load: Load<CallContender> = async (contender, { served, variant, share }, { counter }) => {
  const links = await openAll(own(variant.connections, share), () => contender.connect(served));
  for (const link of links) for (let n = 0; n < variant.inFlight; n += 1) void callAgainAndAgain(link);

  async function callAgainAndAgain(link: { call(): Promise<unknown> }): Promise<never> {
    for (;;) {
      const began = performance.now();
      await link.call();
      counter.took(performance.now() - began);
      counter.count();
    }
  }
};
