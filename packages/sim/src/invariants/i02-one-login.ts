/**
 * I2: no two sessions hold one user as the same login; where all is well no two hold one user at all, from
 * the moment at which the newer one is admitted; and when all has come to rest nowhere.
 */
import { HEALED_MS } from '@lobby/players';
import { userKey } from '@lobby/protocol';
import type { Finding, MakeInvariant, View } from './invariant.ts';

interface Holder {
  readonly user: string;
  readonly front: string;
  readonly session: number;
  readonly epoch: number;
}

function holders({ cluster }: View): Holder[] {
  const all: Holder[] = [];
  for (const { name: front, services } of cluster.apps) {
    if (services.lobby === undefined) continue;
    for (const { name, session, epoch } of services.lobby.listing().items)
      all.push({ user: userKey(name), front, session, epoch });
  }
  return all;
}

function twice(view: View, isWrong: (a: Holder, b: Holder) => boolean): Finding {
  const all = holders(view);
  for (const [nth, one] of all.entries())
    for (const other of all.slice(nth + 1))
      if (one.user === other.user && isWrong(one, other))
        return `${one.user} is logged in twice: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  return undefined;
}

export const oneLogin: MakeInvariant = (view) => ({
  id: 'I2',
  step: ({ services: { lobby } }) => {
    if (lobby === undefined) return undefined;
    const isCalm = view.world.calm.for(HEALED_MS);
    return twice(view, (a, b) => isCalm || a.epoch === b.epoch);
  },
  atRest: () => twice(view, () => true),
});
