/** I20: what bots have forged. */
import { authority as authorityFold } from '@lobby/players';
import { foldOver } from './fold-check.ts';
import type { Check } from './violation.ts';

export const authority: Check = {
  id: 'I20',
  rule: 'a word of another direction, or about somebody else, is refused',
  look: (history) => foldOver(history, authorityFold()),
};
