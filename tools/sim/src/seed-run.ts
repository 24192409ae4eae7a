/**
 * What a worker is given, and what it tells of each seed. Both are plain data, to be passed between threads.
 */

export interface SeedJob {
  readonly seeds: readonly number[];
  /** The name of a bug to be planted before anything is loaded. */
  readonly mutant: string | undefined;
}

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  /** When the run ended, in virtual milliseconds. */
  readonly atMs: number;
  /** Such as `I6`; `undefined` where nothing was found. */
  readonly invariant: string | undefined;
  readonly words: string | undefined;
}
