/** P1: every connection has so many messages under way; each that comes back is sent again. */

import type { EchoContender } from '../contender.ts';
import { openAll, own } from '../load.ts';
import type { Load } from '../load.ts';

export const load: Load<EchoContender> = async (contender, { served, variant, share }, { counter }) => {
  const links = await openAll(own(variant.connections, share), async () => {
    const link = await contender.connect(served, () => {
      counter.count();
      link.send();
    });
    return link;
  });
  for (const link of links) for (let sent = 0; sent < variant.inFlight; sent += 1) link.send();
};
