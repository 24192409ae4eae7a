/**
 * I7: a ticket leads in once, and only the user to whom it was given; a seat that nobody takes, or that
 * nobody comes back to, is free again when its time is over. A18: to ask again for one that nobody takes does
 * not lengthen it.
 */
import { tickets as ticketsFold } from '@lobby/players';
import type { Seat } from '@lobby/room';
import type { App } from '../cluster/app.ts';
import { userOf } from './invariant.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** What timers may be late by, and what it takes to be seen. */
const LATE_MS = 3_000;

interface Waiting {
  readonly state: string;
  readonly ticket: string | undefined;
  readonly sinceMs: number;
}

export const tickets: MakeInvariant = (view) => {
  const { world, cluster } = view;
  const fold = ticketsFold({ userOf: (bot) => userOf(view, bot) });
  const waiting = new WeakMap<Seat, Waiting>();

  function overdue(app: App, seat: Seat): Finding {
    const ticket = app.services.rooms?.members.tickets.of(seat);
    const { state, room, user } = seat;
    const known = waiting.get(seat);
    const isSame = known?.state === state && (state === 'reserved' || known.ticket === ticket);
    const entry = isSame ? known : { state, ticket, sinceMs: world.clock.now() };
    waiting.set(seat, entry);
    if (state === 'entered') return undefined;
    const { seatExpiresMs, memberGraceMs } = app.settings;
    const allowedMs = (state === 'reserved' ? seatExpiresMs : seatExpiresMs + memberGraceMs) + LATE_MS;
    const waitsMs = world.clock.now() - Math.max(entry.sinceMs, app.process.resumedAt);
    return waitsMs > allowedMs
      ? `the seat of ${user} in room ${room.roomId} is ${state} for ${Math.round(waitsMs)} ms`
      : undefined;
  }

  return {
    id: 'I7',
    told: (line) => fold.told(line)?.words,
    tick: () => {
      for (const app of cluster.apps) {
        if (app.process.clock.state !== 'running') continue;
        for (const room of app.services.rooms?.rooms.values() ?? [])
          for (const seat of room.seats()) {
            const found = overdue(app, seat);
            if (found !== undefined) return found;
          }
      }
      return undefined;
    },
  };
};
