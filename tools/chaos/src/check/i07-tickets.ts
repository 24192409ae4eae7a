/** I7: a ticket leads in once, only the user who got it, and not after it has expired. */
import type { Call, History } from '../history/history.ts';
import type { Check, Violation } from './violation.ts';

/** What the sweep of tickets may be late by. */
const LATE_MS = 1_000;

interface Ticket {
  readonly bot: string;
  readonly expiresAt: number;
}

function ticketsOf(history: History): Map<string, Ticket> {
  const tickets = new Map<string, Ticket>();
  for (const { asked, answered } of history.calls) {
    const seat = answered?.reply?.['seat'] as { ticket: string; expiresAt: number } | undefined;
    if (seat !== undefined) tickets.set(seat.ticket, { bot: asked.bot, expiresAt: seat.expiresAt });
  }
  return tickets;
}

function look(history: History): Violation[] {
  const tickets = ticketsOf(history);
  const used = new Map<string, Call>();
  const violations: Violation[] = [];
  for (const call of history.callsOf('room.req_checkin')) {
    const { asked, answered } = call;
    if (answered?.reply === undefined) continue;
    const find = (words: string, about: readonly string[] = []): void =>
      void violations.push({ at: answered.at, bot: asked.bot, words, about });
    const name = asked.request['ticket'] as string;
    const ticket = tickets.get(name);
    const before = used.get(name);
    used.set(name, call);
    if (before !== undefined) find(`the ticket ${name} led in twice`, [before.asked.bot]);
    if (ticket === undefined) find(`the ticket ${name} led in, and nobody was given it`);
    else if (ticket.bot !== asked.bot) find(`the ticket of ${ticket.bot} led ${asked.bot} in`, [ticket.bot]);
    const lateMs = history.run.wallMs + asked.at - (ticket?.expiresAt ?? Infinity);
    if (lateMs > LATE_MS) find(`the ticket ${name} led in ${Math.round(lateMs)} ms after it had expired`);
  }
  return violations;
}

export const tickets: Check = {
  id: 'I7',
  rule: 'each ticket leads in at most once, its own user, before it expires',
  look,
};
