/** All planted bugs, by where they are planted. */
import { EXTREME_MUTANTS } from './extreme-mutants.ts';
import { GREEDY_MUTANTS } from './greedy-mutants.ts';
import { IDENTITY_MUTANTS } from './identity-mutants.ts';
import { LOBBY_MUTANTS } from './lobby-mutants.ts';
import type { Mutant } from './mutant.ts';
import { NET_MUTANTS } from './net-mutants.ts';
import { ROOM_MUTANTS } from './room-mutants.ts';
import { TRUST_MUTANTS } from './trust-mutants.ts';

export const MUTANTS: readonly Mutant[] = Object.freeze([
  ...NET_MUTANTS,
  ...LOBBY_MUTANTS,
  ...IDENTITY_MUTANTS,
  ...ROOM_MUTANTS,
  ...EXTREME_MUTANTS,
  ...GREEDY_MUTANTS,
  ...TRUST_MUTANTS,
]);

/** Throws where there is none of that name. */
export function mutantOf(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name);
  if (found === undefined)
    throw new RangeError(
      `there is no mutant "${name}": known are ${MUTANTS.map((one) => one.name).join(', ')}`,
    );
  return found;
}
