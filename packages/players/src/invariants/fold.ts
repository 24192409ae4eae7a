/**
 * What an invariant of clients is: a fold over the lines of a history, told one after the other. It may keep
 * what it has seen, changes nothing and draws nothing. So it can be asked while a run goes on, as in
 * simulation, and afterwards of a file, as in chaos.
 */
import type { ClientLine } from '../history/line.ts';

/** Something that must not be. */
export interface Finding {
  /** What is wrong, in words for people: nothing hangs on their wording. */
  readonly words: string;
  /** Other clients or rooms whose lines explain it. */
  readonly about?: readonly string[];
}

export interface Fold {
  /** What this line shows to be wrong; nothing while all is well. */
  told(line: ClientLine): Finding | undefined;
}

/** What is known of faults. It excuses what cannot be otherwise while one is at work. */
export interface Weather {
  /**
   * No fault from then until then, in milliseconds since the run began, nor in the time before that a cluster
   * needs to heal. `until` is `from` if left out, and never later than the line that is told.
   */
  isQuiet(from: number, until?: number): boolean;
}

/** Milliseconds in which a cluster without faults has put every link and every book in order. */
export const HEALED_MS = 12_000;
