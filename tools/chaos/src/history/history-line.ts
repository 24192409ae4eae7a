/**
 * The lines of a history: what was done to the processes, and what clients asked and were told. One line of
 * JSON each, in the order in which the one process that drives it all did it or saw it. `at` is milliseconds
 * since the run began, and never decreases.
 *
 * A history judges nothing; it has all that `check` needs, so that a file can be judged later, and again.
 */

import type { At, ClientLine, Untimed } from '@lobby/players';

/** The first line: what was run, and the settings that the invariants depend on. */
export interface RunLine extends At {
  readonly what: 'run';
  readonly seed: number;
  readonly users: number;
  readonly fronts: number;
  /** The wall clock at `at` 0, in milliseconds since the Unix epoch. */
  readonly wallMs: number;
  readonly seatExpiresMs: number;
  readonly memberGraceMs: number;
  readonly roomEmptyMs: number;
}

/** A nemesis begins or ends: `on` is a process or a route. */
export interface FaultLine extends At {
  readonly what: 'fault';
  readonly on: string;
  readonly fault: string;
  readonly phase: 'begin' | 'end';
}

/** The last nemesis has ended, every process runs. */
interface CalmLine extends At {
  readonly what: 'calm';
}

/** Clients do nothing any more, but their connections stay. */
interface RestLine extends At {
  readonly what: 'rest';
}

/** A process was started, or has ended; `meant` is the signal that we sent it. */
export interface ProcessLine extends At {
  readonly what: 'process';
  readonly node: string;
  readonly event: 'started' | 'ended';
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly meant?: string;
}

/** A process said something on its standard error, or logged an error. */
interface ComplaintLine extends At {
  readonly what: 'complaint';
  readonly node: string;
  readonly text: string;
}

/** A user who does everything, on one front, after the calm: how far it came. */
export interface ProbeLine extends At {
  readonly what: 'probe';
  readonly node: string;
  readonly step: string;
  /** Why the step failed; left out where it did not. */
  readonly fault?: string;
}

export interface UserRow {
  readonly name: string;
  readonly epoch: number;
  readonly session: number;
  /** On lobby-master. */
  readonly front?: string;
}

export interface RoomRow {
  readonly roomId: string;
  readonly users: number;
  readonly held: number;
  readonly capacity: number;
  /** On room-master. */
  readonly front?: string;
  /** On a front. */
  readonly members?: readonly string[];
}

/** What a process told of itself at the end. */
export interface BooksLine extends At {
  readonly what: 'books';
  readonly node: string;
  readonly app: string;
  /** Empty where it is ready. */
  readonly reasons: readonly string[];
  readonly users?: readonly UserRow[];
  readonly rooms?: readonly RoomRow[];
  /** The sum of `lobby_handler_errors_total` since its start. */
  readonly handlerErrors: number;
}

export type HistoryLine =
  | RunLine
  | FaultLine
  | CalmLine
  | RestLine
  | ClientLine
  | ProcessLine
  | ComplaintLine
  | ProbeLine
  | BooksLine;

/** A line as it is told, before the time is put to it. */
export type Told = Untimed<HistoryLine>;
