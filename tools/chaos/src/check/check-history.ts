/** All checks of a history. */

import type { History } from '../history/history.ts';
import { oneLogin } from './i02-one-login.ts';
import { kicks } from './i03-kicks.ts';
import { capacity } from './i06-capacity.ts';
import { tickets } from './i07-tickets.ts';
import { callsSettle, callsSettleInTime } from './i09-calls.ts';
import { chat } from './i13-chat.ts';
import { books } from './i17-books.ts';
import { liveness } from './i18-liveness.ts';
import { authority } from './i20-authority.ts';
import { quiet } from './i23-quiet.ts';
import { acknowledged } from './i24-acknowledged.ts';
import type { Check, Violation } from './violation.ts';

export interface Found extends Violation {
  readonly check: Check;
}

/** What holds whatever the machine is busy with. */
const CHECKS: readonly Check[] = [
  oneLogin,
  kicks,
  capacity,
  tickets,
  callsSettle,
  chat,
  books,
  liveness,
  authority,
  quiet,
  acknowledged,
];

export interface CheckOptions {
  /** Judge also how long things took; for a machine that is not busy with others. */
  readonly timing?: boolean;
}

/** Everything in the history that must not be, in the order of time. */
export function checkHistory(history: History, { timing = false }: CheckOptions = {}): Found[] {
  const checks = timing ? [...CHECKS, callsSettleInTime] : CHECKS;
  return checks
    .flatMap((check) => check.look(history).map((violation) => ({ ...violation, check })))
    .sort((a, b) => a.at - b.at);
}
