/**
 * A18: who has left three reservations unused within a minute is given no other for 30 s. The squatter
 * reserves and never comes. That a reservation lasts no longer by being asked for again is in I7.
 */
import type { Room, RoomMaster, Seat } from '@lobby/room';
import { SQUATTER } from '../bots/greedy-users.ts';
import type { App } from '../cluster/app.ts';
import type { Finding, MakeInvariant } from './invariant.ts';
import { LinksOfRunners } from './links-of-runners.ts';

const COUNTED = 3;
const WITHIN_MS = 60_000;
const THROTTLED_MS = 30_000;
/** A reservation that ends by so much before its time has been given up. */
const EARLY_MS = 50;

interface Held {
  readonly room: Room;
  readonly seat: Seat;
  readonly sinceMs: number;
  /** room-master knew of it, on this session. */
  bookedOn: string | undefined;
}

/** A reservation that was over, and nobody had come. */
interface Unused {
  readonly roomId: string;
  readonly boot: string;
  readonly link: string;
}

/** One that room-master has heard of. */
interface Heard extends Unused {
  readonly atMs: number;
  /** The last grant of a seat by then. */
  readonly lastGrant: number;
}

export const unusedSeats: MakeInvariant = (view) => {
  const { world } = view;
  const links = new LinksOfRunners(view);
  /** By the boot of the runner. */
  const held = new Map<string, Held>();
  let untold: Unused[] = [];
  let heard: Heard[] = [];

  function given({ grant }: Seat): Finding {
    const now = world.clock.now();
    const [first, , third] = heard.slice(-COUNTED);
    if (first === undefined || third === undefined || grant <= third.lastGrant) return undefined;
    return third.atMs - first.atMs < WITHIN_MS && now < third.atMs + THROTTLED_MS
      ? `${SQUATTER} is given a seat ${Math.round(now - third.atMs)} ms after the third that nobody took`
      : undefined;
  }

  function gone({ process: { boot }, settings }: App, { room, seat, sinceMs, bookedOn }: Held): void {
    held.delete(boot);
    const isUnused =
      seat.state === 'reserved' && world.clock.now() - sinceMs >= settings.seatExpiresMs - EARLY_MS;
    if (!isUnused || room.closed || bookedOn === undefined || links.of(boot) !== bookedOn) return;
    untold.push({ roomId: room.roomId, boot, link: bookedOn });
  }

  function lookAtRunner(app: App): Finding {
    const { boot } = app.process;
    const before = held.get(boot);
    if (before !== undefined && before.room.seatOf(SQUATTER) !== before.seat) gone(app, before);
    for (const room of app.services.rooms?.rooms.values() ?? []) {
      const seat = room.seatOf(SQUATTER);
      if (seat === undefined || held.get(boot)?.seat === seat) continue;
      held.set(boot, { room, seat, sinceMs: world.clock.now(), bookedOn: undefined });
      return given(seat);
    }
    return undefined;
  }

  function lookAtMaster({ books, lastGrant }: RoomMaster): void {
    links.look();
    const booked = books.seats.get(SQUATTER)?.record.roomId;
    // Of two seats of one user the older one is nobody's, though its runner has yet to hear of it.
    for (const [boot, one] of held) one.bookedOn = booked === one.room.roomId ? links.of(boot) : undefined;
    const isThere = ({ boot, link }: Unused): boolean => links.of(boot) === link;
    untold = untold.filter(isThere);
    heard = heard.filter(isThere);
    // On the session on which it was told of, it is told that it is free.
    for (const one of untold.filter(({ roomId }) => roomId !== booked))
      heard.push({ ...one, atMs: world.clock.now(), lastGrant });
    untold = untold.filter(({ roomId }) => roomId === booked);
  }

  return {
    id: 'A18',
    looksAtAll: true,
    step: (app) => {
      if (!world.extremes.has('greedyUsers')) return undefined;
      const { rooms, roomMaster } = app.services;
      if (roomMaster !== undefined) lookAtMaster(roomMaster);
      return rooms === undefined ? undefined : lookAtRunner(app);
    },
  };
};
