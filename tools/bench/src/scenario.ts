/**
 * What a scenario is: what is measured of whom, with which settings, and what it should reach. All of it is
 * data; the measuring itself is in `run/`.
 */

import type { Variant } from './contender.ts';

export interface Contender {
  /** The name of its file in the scenario's directory. */
  readonly id: string;
  readonly title: string;
  /** It is the project's own: `--only ours` takes it too, whatever its id. */
  readonly ours?: boolean;
  /** It is somebody else's work: its file is in `peers/`, and its libraries must be installed. */
  readonly peer?: boolean;
  /** A program that it needs besides; left out, and told, where that is not installed. */
  readonly program?: string;
  /** Left out of a quick run. */
  readonly slow?: boolean;
  /** Left out of variants with more connections: its processes have no descriptors for them. */
  readonly mostConnections?: number;
}

/** A goal of the project about one measure of one contender, as a ratio within a round, or as it is. */
export interface Goal {
  readonly text: string;
  /** The name of the variant. */
  readonly variant: string;
  readonly measure: string;
  readonly of: string;
  /** What it is divided by; the measure is judged as it is if left out. */
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Judged by every round; by their median if left out. */
  readonly always?: boolean;
}

/** A column of the table: a measure, and how it is written. */
export interface Column {
  readonly measure: string;
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  /** Whether the table also shows it as a ratio to the first contender. */
  readonly compared?: boolean;
}

export interface Scenario {
  /** As in the list of goals: `P1`. */
  readonly id: string;
  readonly title: string;
  /** Its directory in `src/` and in `peers/`. */
  readonly directory: string;
  /** `network`: a server and a load. `alone`: one process that measures itself. */
  readonly kind: 'network' | 'alone';
  /** How many load processes share the connections; 1 if left out. */
  readonly loads?: number;
  /** As many as are useful; 5 if left out. */
  readonly rounds?: number;
  /**
   * All contenders are started and warmed up once, stand side by side, and take turns: a round is a slice of
   * each, during which the others pause. Their load must be of lanes. Else each round has processes of its
   * own.
   */
  readonly sliced?: boolean;
  /** Everybody comes, and is silent then: what is measured is how they come. */
  readonly silent?: boolean;
  /**
   * A row of the table is of a contender in a variant, or, where those are many sizes of one thing, of a
   * measure.
   */
  readonly rowOf?: 'contender' | 'measure';
  /** Measured only when it is named. */
  readonly onlyWhenNamed?: boolean;
  readonly variants: readonly Variant[];
  readonly quickVariants: readonly Variant[];
  /** The first is what the others are compared with. */
  readonly contenders: readonly Contender[];
  readonly columns: readonly Column[];
  readonly goals: readonly Goal[];
  /** Milliseconds of warm-up, and of measuring in a round. */
  readonly times: { readonly warmUpMs: number; readonly measureMs: number };
  /** What a reader of the table should know. */
  readonly notes: readonly string[];
}

export const LIMIT: Contender = { id: 'limit', title: 'limit: raw node:net' };
export const OURS: Contender = { id: 'ours', title: 'Lobby', ours: true };
export const peer = (id: string, title: string, program?: string): Contender => ({
  id,
  title,
  peer: true,
  ...(program === undefined ? {} : { program }),
});
