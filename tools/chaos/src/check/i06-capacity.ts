/** I6, as clients see it. */
import { capacity as capacityFold } from '@lobby/players';
import { foldOver } from './fold-check.ts';
import type { Check } from './violation.ts';

export const capacity: Check = {
  id: 'I6',
  rule: 'a room never has more members than seats, and no member twice',
  look: (history) => foldOver(history, capacityFold()),
};
