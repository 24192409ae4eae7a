/** I7: the name of a client is that of its user, and one wall clock is right for all. */
import { tickets as ticketsFold } from '@lobby/players';
import { foldOver } from './fold-check.ts';
import type { Check } from './violation.ts';

export const tickets: Check = {
  id: 'I7',
  rule: 'each ticket leads in at most once, its own user, before it expires',
  look: (history) => foldOver(history, ticketsFold({ userOf: (bot) => bot, wallMs: history.run.wallMs })),
};
