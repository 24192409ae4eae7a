/**
 * I1: the epochs that lobby-master gives for one user grow over the whole run, whatever is restarted and
 * whatever clocks say.
 */
import type { Login } from '@lobby/lobby';
import { userKey } from '@lobby/protocol';
import type { MakeInvariant } from './invariant.ts';

const NONE: readonly Login[] = [];

export const epochsGrow: MakeInvariant = () => {
  const given = new Map<string, { last: number; readonly all: Set<number> }>();
  /** Entries of the book that were looked at: none of them ever changes. */
  const seen = new WeakSet<Login>();
  return {
    id: 'I1',
    step: ({ services: { lobbyMaster } }) => {
      for (const login of lobbyMaster?.logins ?? NONE) {
        if (seen.has(login)) continue;
        seen.add(login);
        const { name, epoch } = login;
        const key = userKey(name);
        const known = given.get(key) ?? { last: 0, all: new Set() };
        given.set(key, known);
        if (known.all.has(epoch)) continue;
        known.all.add(epoch);
        if (epoch <= known.last)
          return `lobby-master gave ${name} the epoch ${epoch} after it had given ${known.last}`;
        known.last = epoch;
      }
      return undefined;
    },
  };
};
