/**
 * What a client did and was told, as plain data: one line for each, in the order in which the bytes said it.
 * Simulation and chaos tell the same lines, and one set of invariants reads them. A line judges nothing.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** Milliseconds since the run began; no line is earlier than the one before it. */
export interface At {
  readonly at: number;
}

interface OfLink {
  /** The client: in simulation the process that the bot runs on, in chaos also the user's name. */
  readonly bot: string;
  /** The connection's number in this history. */
  readonly link: number;
}

/** A client was welcomed. */
export interface OpenedLine extends At, OfLink {
  readonly what: 'opened';
  /** The process that the connection leads to, and that process's own number of the session. */
  readonly node: string;
  readonly session: number;
}

export interface AskedLine extends At, OfLink {
  readonly what: 'asked';
  /** Names the call on its connection. */
  readonly seq: number;
  readonly topic: string;
  readonly request: Fields;
  /** What no client may ask: it must come to nothing. */
  readonly forged?: true;
}

export interface AnsweredLine extends At, OfLink {
  readonly what: 'answered';
  readonly seq: number;
  /** Of the call; the number of the answer's own topic where nobody asked. */
  readonly topic: string;
  readonly reply?: Fields;
  /** The failure's code. */
  readonly failure?: string;
  readonly message?: string;
  readonly mayHaveRun?: true;
}

/** A message came that is not the connection's own. */
export interface HeardLine extends At, OfLink {
  readonly what: 'heard';
  readonly topic: string;
  readonly payload: Fields;
}

/** A connection is over; calls that were open on it are settled by that. */
export interface EndedLine extends At, OfLink {
  readonly what: 'ended';
  /** Of the farewell, `connection_lost` without one, `client_closed` for our own end. */
  readonly code: string;
  /** What the other side said of it. */
  readonly message?: string;
}

export type ClientLine = OpenedLine | AskedLine | AnsweredLine | HeardLine | EndedLine;

/** A line before the time is put to it. */
export type Untimed<Line extends At> = Line extends At ? Omit<Line, 'at'> : never;
