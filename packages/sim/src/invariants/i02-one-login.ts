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
  const byUser = new Map<string, Holder[]>();
  for (const one of holders(view)) {
    const others = byUser.get(one.user) ?? [];
    for (const other of others)
      if (isWrong(other, one))
        return `${one.user} is logged in twice: ${JSON.stringify(other)} and ${JSON.stringify(one)}`;
    byUser.set(one.user, [...others, one]);
  }
  return undefined;
}

/**
 * Tells whether anybody has come or gone since it was last asked. An entry of a front's table never changes.
 */
function changes({ cluster }: View): () => boolean {
  const known: unknown[] = [];
  return () => {
    let count = 0;
    let isChanged = false;
    for (const { services } of cluster.apps)
      for (const user of services.lobby?.listing().items ?? []) {
        isChanged ||= known[count] !== user;
        known[count] = user;
        count += 1;
      }
    isChanged ||= known.length !== count;
    known.length = count;
    return isChanged;
  };
}

export const oneLogin: MakeInvariant = (view) => {
  const hasChanged = changes(view);
  let wasCalm = false;
  return {
    id: 'I2',
    looksAtAll: true,
    step: ({ services: { lobby } }) => {
      if (lobby === undefined) return undefined;
      const isCalm = view.world.calm.for(HEALED_MS);
      const isDue = hasChanged() || isCalm !== wasCalm;
      wasCalm = isCalm;
      return isDue ? twice(view, (a, b) => isCalm || a.epoch === b.epoch) : undefined;
    },
    atRest: () => twice(view, () => true),
  };
};
