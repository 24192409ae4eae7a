/** I10: every call is answered once. An answer that nobody asked for, or a second one, never comes. */
import { answersOnce } from '@lobby/players';
import type { MakeInvariant } from './invariant.ts';

export const lateReplies: MakeInvariant = () => {
  const fold = answersOnce();
  return { id: 'I10', told: (line) => fold.told(line)?.words };
};
