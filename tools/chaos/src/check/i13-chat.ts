/** I12 and I13: what a client says bears its name. */
import { chatLines } from '@lobby/players';
import { foldOver } from './fold-check.ts';
import type { Check } from './violation.ts';

export const chat: Check = {
  id: 'I13',
  rule: 'all members hear the same lines in one order, without a gap, and only while they are in the room',
  look: (history) => foldOver(history, chatLines({ weather: history, userOf: (voice) => voice })),
};
