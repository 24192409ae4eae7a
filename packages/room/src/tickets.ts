/**
 * Tickets: random, each good for one check-in to one seat, for a limited time. A seat has at most one that is
 * good. A fresh one in place of one that nobody has used has the time that is left of that: who asks again
 * and again and never comes holds a seat no longer.
 *
 *     issued ──┬── used ─────────▶ (unknown)
 *              ├── time over ────▶ seat_expired
 *              └── room closed ──▶ room_closed
 *
 * Why a ticket is no good any more is remembered for a minute, then it is as unknown as any other text.
 */
import { RecentMap, TimeoutQueue } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import type { FailureCode } from '@lobby/protocol';
import type { Seat } from './seat.ts';

/** OWASP asks for 64 bits of entropy at least; these are 128. */
const TICKET_BYTES = 16;
const REMEMBERED_MS = 60_000;
const REMEMBERED = 100_000;

const WHY: Partial<Record<FailureCode, string>> = {
  seat_expired: 'the reservation was not taken in time: reserve again',
  room_closed: 'the room was closed',
};

/** The ticket of a seat. */
interface Issued {
  readonly ticket: string;
  /** When the first was issued of those that nobody has used. */
  readonly sinceMs: number;
}

export class Tickets {
  /** Reservations that nobody took, since the start. */
  expired = 0;
  readonly #platform: Pick<Platform, 'clock' | 'random'>;
  readonly #bySeat = new Map<Seat, Issued>();
  readonly #byTicket = new Map<string, Seat>();
  /** Why tickets are no good any more. */
  readonly #void: RecentMap<string, FailureCode>;
  readonly #live: TimeoutQueue<Seat>;

  /** `due` is told of a seat whose ticket was not used within `expiresMs`. */
  constructor(platform: Pick<Platform, 'clock' | 'random'>, expiresMs: number, due: (seat: Seat) => void) {
    this.#platform = platform;
    this.#live = new TimeoutQueue(platform.clock, expiresMs, (seat) => {
      this.expired += 1;
      this.cancel(seat, 'seat_expired');
      due(seat);
    });
    const forget = { clock: platform.clock, afterMs: REMEMBERED_MS };
    this.#void = new RecentMap({ most: REMEMBERED, forget });
  }

  get expiresMs(): number {
    return this.#live.afterMs;
  }

  /** Whether the seat has a ticket that is good. */
  has(seat: Seat): boolean {
    return this.#bySeat.has(seat);
  }

  /** The seat's ticket that is good now, if there is one. */
  of(seat: Seat): string | undefined {
    return this.#bySeat.get(seat)?.ticket;
  }

  /** For how long the seat has had tickets that nobody used, in milliseconds; 0 where it has none. */
  unusedForMs(seat: Seat): number {
    const { clock } = this.#platform;
    return clock.now() - (this.#bySeat.get(seat)?.sinceMs ?? clock.now());
  }

  /**
   * A fresh ticket for the seat, good for as long as is told; the one before it is good no more. It has all
   * of its time where there was none, or somebody is connected to the seat.
   */
  issue(seat: Seat): { readonly ticket: string; readonly forMs: number } {
    if (seat.session !== undefined) this.cancel(seat);
    const { clock, random } = this.#platform;
    const before = this.#bySeat.get(seat);
    if (before === undefined) this.#live.add(seat);
    else this.#byTicket.delete(before.ticket);
    const ticket = Buffer.from(random.bytes(TICKET_BYTES)).toString('base64url');
    const sinceMs = before?.sinceMs ?? clock.now();
    this.#bySeat.set(seat, { ticket, sinceMs });
    this.#byTicket.set(ticket, seat);
    return { ticket, forMs: Math.max(0, sinceMs + this.expiresMs - clock.now()) };
  }

  /** The seat that a ticket is for; it stays good. Throws `bad_ticket`, `seat_expired` or `room_closed`. */
  find(ticket: string): Seat {
    const seat = this.#byTicket.get(ticket);
    if (seat !== undefined) return seat;
    const code = this.#void.get(ticket) ?? 'bad_ticket';
    throw new Failure(code, WHY[code] ?? 'the ticket is not known here, or was used already');
  }

  /** The seat's ticket is good no more: it was used, or for the reason of `code`. */
  cancel(seat: Seat, code?: 'seat_expired' | 'room_closed'): void {
    const issued = this.#bySeat.get(seat);
    if (issued === undefined) return;
    this.#bySeat.delete(seat);
    this.#byTicket.delete(issued.ticket);
    this.#live.delete(seat);
    if (code !== undefined) this.#void.set(issued.ticket, code);
  }

  /** No ticket is good any more, and no timer is left. */
  clear(): void {
    this.#bySeat.clear();
    this.#byTicket.clear();
    this.#void.clear();
    this.#live.clear();
  }
}
