/**
 * What the bots of a process have done and seen: totals since the start, and the durations since the last
 * report. It judges nothing; `verdict.ts` does.
 */
import { Histogram } from './histogram.ts';
import type { HistogramPart } from './histogram.ts';

/** Totals that only grow, and the two counts of what is. Every one is a number, so that processes add up. */
export interface Totals {
  /** Users that are logged in now. */
  loggedIn: number;
  /** Users that are checked in now. */
  inRooms: number;
  /** Users that have been through their ramp: in a room, or at the end of their flow. */
  arrived: number;
  /** Users whose flow is over, with or without a fault. */
  flowsDone: number;
  connections: number;
  logins: number;
  checkins: number;
  calls: number;
  chatsSent: number;
  chatsAcknowledged: number;
  deliveries: number;
  /** Acknowledged chats that a present member did not get. */
  lost: number;
  /** Chats that came twice, or after a later one. */
  disordered: number;
  /** Turns that were due while no bot was free to take one. */
  missedTurns: number;
}

/** Sums by some code. */
export type Codes = Record<string, number>;

export interface TallyReport {
  readonly totals: Totals;
  /** Calls and expectations that failed, as `room.req_reserve: room_full`. */
  readonly failures: Codes;
  /** Connections that ended while they should not have, by reason. */
  readonly disconnects: Codes;
  /** Messages of the server that are no chats, by topic and, for leaves, by reason. */
  readonly messages: Codes;
  /** From the sender's call to a member's reception, since the last report. */
  readonly deliveryMs: HistogramPart;
  /** From a call to its answer, since the last report. */
  readonly callMs: HistogramPart;
  readonly connectMs: HistogramPart;
}

export function noTotals(): Totals {
  return {
    loggedIn: 0,
    inRooms: 0,
    arrived: 0,
    flowsDone: 0,
    connections: 0,
    logins: 0,
    checkins: 0,
    calls: 0,
    chatsSent: 0,
    chatsAcknowledged: 0,
    deliveries: 0,
    lost: 0,
    disordered: 0,
    missedTurns: 0,
  };
}

/** Adds to the sums by code. */
export function count(codes: Codes, code: string, by = 1): void {
  codes[code] = (codes[code] ?? 0) + by;
}

export class Tally {
  readonly totals = noTotals();
  readonly failures: Codes = {};
  readonly disconnects: Codes = {};
  readonly messages: Codes = {};
  readonly deliveryMs = new Histogram();
  readonly callMs = new Histogram();
  readonly connectMs = new Histogram();

  /** Everything so far; durations only once. */
  report(): TallyReport {
    return {
      totals: { ...this.totals },
      failures: { ...this.failures },
      disconnects: { ...this.disconnects },
      messages: { ...this.messages },
      deliveryMs: this.deliveryMs.take(),
      callMs: this.callMs.take(),
      connectMs: this.connectMs.take(),
    };
  }
}
