import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestCluster } from '@lobby/discovery/testing';
import { Room } from '../src/room.ts';
import { Tickets } from '../src/tickets.ts';
import type { Seat } from '../src/index.ts';

const EXPIRES_MS = 15_000;
const REMEMBERED_MS = 60_000;

let cluster: TestCluster;
let due: Seat[];
let tickets: Tickets;
let seat: Seat;

beforeEach(() => {
  cluster = new TestCluster();
  due = [];
  tickets = new Tickets(cluster, EXPIRES_MS, (one) => due.push(one));
  seat = seatOf('ana');
});

function seatOf(user: string): Seat {
  const room = new Room('r', { title: 't', capacity: 1 }, { creator: user, createdAt: 0 });
  return room.reserve({ user, epoch: 1 }, 1);
}

/** Why the ticket is no good; `undefined` where it is. */
function fault(ticket: string): string | undefined {
  try {
    tickets.find(ticket);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a ticket', () => {
  it('is 22 characters for a URL, never the same twice', () => {
    const drawn = Array.from({ length: 300 }, () => tickets.issue(seatOf('ana')).ticket);
    expect(new Set(drawn).size).toBe(300);
    for (const ticket of drawn) expect(ticket).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('leads to its seat until it is used, and then is as unknown as any other text', () => {
    const ticket = tickets.issue(seat).ticket;
    expect(tickets.find(ticket)).toBe(seat);
    expect(tickets.has(seat)).toBe(true);
    tickets.cancel(seat);
    expect(fault(ticket)).toBe('bad_ticket');
    expect(fault('anything')).toBe('bad_ticket');
    expect(tickets.has(seat)).toBe(false);
  });

  it('is void when a fresh one is issued for the same seat', () => {
    const older = tickets.issue(seat).ticket;
    const fresh = tickets.issue(seat).ticket;
    expect(fault(older)).toBe('bad_ticket');
    expect(tickets.find(fresh)).toBe(seat);
  });

  it('expires when its time is over, and its seat is due once', async () => {
    const ticket = tickets.issue(seat).ticket;
    await cluster.clock.advance(EXPIRES_MS - 1);
    expect(fault(ticket)).toBeUndefined();
    await cluster.clock.advance(1);
    expect(fault(ticket)).toBe('seat_expired');
    await cluster.clock.advance(EXPIRES_MS);
    expect(due).toEqual([seat]);
    expect(tickets.expired).toBe(1);
  });

  it('A18: has the time that is left of those before it that nobody used, and its seat is due then', async () => {
    expect(tickets.issue(seat).forMs).toBe(EXPIRES_MS);
    await cluster.clock.advance(EXPIRES_MS - 6_000);
    expect(tickets.issue(seat).forMs).toBe(6_000);
    await cluster.clock.advance(5_999);
    const { ticket, forMs } = tickets.issue(seat);
    expect(forMs).toBe(1);
    expect(tickets.unusedForMs(seat)).toBe(EXPIRES_MS - 1);
    await cluster.clock.advance(1);
    expect(fault(ticket)).toBe('seat_expired');
    expect(due).toEqual([seat]);
  });

  it.each(['was used', 'is for a seat that somebody is connected to'])(
    'has all of its time where the one before it %s',
    async (why) => {
      tickets.issue(seat);
      await cluster.clock.advance(EXPIRES_MS - 1);
      if (why === 'was used') tickets.cancel(seat);
      else seat.session = {} as NonNullable<Seat['session']>;
      const fresh = tickets.issue(seat);
      expect(fresh.forMs).toBe(EXPIRES_MS);
      await cluster.clock.advance(EXPIRES_MS - 1);
      expect(fault(fresh.ticket)).toBeUndefined();
      expect(due).toEqual([]);
    },
  );

  it('that is used is never due', async () => {
    tickets.issue(seat);
    tickets.cancel(seat);
    await cluster.clock.advance(2 * EXPIRES_MS);
    expect(due).toEqual([]);
    expect(tickets.expired).toBe(0);
  });

  it('of a closed room says so', () => {
    const ticket = tickets.issue(seat).ticket;
    tickets.cancel(seat, 'room_closed');
    expect(fault(ticket)).toBe('room_closed');
  });

  it.each(['seat_expired', 'room_closed'] as const)(
    'is unknown a minute after it became %s',
    async (code) => {
      const ticket = tickets.issue(seat).ticket;
      tickets.cancel(seat, code);
      await cluster.clock.advance(REMEMBERED_MS - 1);
      expect(fault(ticket)).toBe(code);
      await cluster.clock.advance(1);
      expect(fault(ticket)).toBe('bad_ticket');
      expect(cluster.clock.timers).toBe(0);
    },
  );

  it('does not run by the wall clock', async () => {
    const ticket = tickets.issue(seat).ticket;
    cluster.clock.stepWall(3_600_000);
    await cluster.clock.advance(EXPIRES_MS - 1);
    expect(fault(ticket)).toBeUndefined();
    cluster.clock.stepWall(-7_200_000);
    await cluster.clock.advance(1);
    expect(fault(ticket)).toBe('seat_expired');
  });

  it('is no good once all are cleared, and no timer is left', () => {
    const [one, two] = [tickets.issue(seat).ticket, tickets.issue(seatOf('ben')).ticket];
    tickets.cancel(seat, 'room_closed');
    tickets.clear();
    expect([fault(one), fault(two)]).toEqual(['bad_ticket', 'bad_ticket']);
    expect(cluster.clock.timers).toBe(0);
  });
});
