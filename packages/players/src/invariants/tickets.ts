/** I7: a ticket leads in once, only the user who got it, and not after it has expired. */
import type { AnsweredLine, AskedLine } from '../history/line.ts';
import type { Finding, Fold } from './fold.ts';
import { OpenCalls } from './open-calls.ts';

export interface TicketsOptions {
  /** Who a client is; `undefined` for one whose tickets are not looked at. */
  readonly userOf: (bot: string) => string | undefined;
  /**
   * The wall clock when the run began, since the Unix epoch; left out where no one clock is right, and expiry
   * is not judged then.
   */
  readonly wallMs?: number;
}

/** What the sweep of tickets may be late by. */
const LATE_MS = 1_000;

interface Ticket {
  readonly user: string;
  readonly bot: string;
  readonly expiresAt: number;
}

export function tickets({ userOf, wallMs }: TicketsOptions): Fold {
  const calls = new OpenCalls();
  const given = new Map<string, Ticket>();
  /** By whom each ticket was used. */
  const used = new Map<string, string>();

  function checkedIn(asked: AskedLine, user: string): Finding | undefined {
    const name = asked.request['ticket'] as string;
    const ticket = given.get(name);
    const before = used.get(name);
    used.set(name, asked.bot);
    if (before !== undefined) return { words: `the ticket ${name} led in twice`, about: [before] };
    if (ticket === undefined) return { words: `the ticket ${name} led in, and nobody was given it` };
    if (ticket.user !== user)
      return { words: `the ticket of ${ticket.user} led ${user} in`, about: [ticket.bot] };
    if (wallMs === undefined) return undefined;
    const lateMs = wallMs + asked.at - ticket.expiresAt;
    return lateMs > LATE_MS
      ? { words: `the ticket ${name} led in ${Math.round(lateMs)} ms after it had expired` }
      : undefined;
  }

  function replied({ bot, reply }: AnsweredLine, user: string): void {
    const seat = reply?.['seat'] as { ticket: string; expiresAt: number } | undefined;
    if (seat !== undefined) given.set(seat.ticket, { user, bot, expiresAt: seat.expiresAt });
  }

  return {
    told(line) {
      const asked = calls.told(line);
      if (line.what !== 'answered' || line.reply === undefined || asked === undefined) return undefined;
      const user = userOf(line.bot);
      if (user === undefined) return undefined;
      replied(line, user);
      return line.topic === 'room.req_checkin' ? checkedIn(asked, user) : undefined;
    },
  };
}
