/** What the sessions of one table have done: totals since its start, for metrics. */

export interface SessionCounters {
  opened: number;
  framesReceived: number;
  framesSent: number;
  bytesReceived: number;
  bytesSent: number;
  /** How many ended, by the reason's code. */
  readonly closed: Map<string, number>;
}

export function sessionCounters(): SessionCounters {
  return { opened: 0, framesReceived: 0, framesSent: 0, bytesReceived: 0, bytesSent: 0, closed: new Map() };
}
