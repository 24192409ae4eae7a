/** What a session is known as: a list of standings for each of the few combinations that there are, shared by all sessions. */
import type { Standing } from '@lobby/protocol';

export interface Known {
  readonly user: boolean;
  readonly member: boolean;
  /** Was a member before, in some room. */
  readonly left: boolean;
}

const PARTS: readonly Standing[] = ['user', 'member', 'left'];

/** By the bits of `PARTS`, the first of them the lowest. */
const COMBINATIONS: readonly (readonly Standing[])[] = Array.from({ length: 1 << PARTS.length }, (_, bits) =>
  Object.freeze(['open' as const, ...PARTS.filter((_part, nth) => (bits & (1 << nth)) !== 0)]),
);

/** Of a session that has not been opened, or has ended. */
export const NO_STANDINGS: readonly Standing[] = Object.freeze([]);

/** Of an open session. */
export function standingsOf({ user, member, left }: Known): readonly Standing[] {
  return COMBINATIONS[(user ? 1 : 0) | (member ? 2 : 0) | (left ? 4 : 0)] ?? NO_STANDINGS;
}
