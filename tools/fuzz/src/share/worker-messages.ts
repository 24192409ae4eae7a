/** What a worker process and the one that started it say to each other. */
import type { Found } from '../finding.ts';
import type { LocalTarget } from './local-targets.ts';
import type { Range } from './share-runner.ts';
import type { TallyRow } from './tally.ts';

/** Given on the worker's command line, as JSON. */
export interface WorkerSetup {
  readonly seed: number;
  readonly targets: readonly LocalTarget[];
}

/** To the worker: run these. */
export interface Order extends Range {
  /** A file in which the worker writes every index before it runs it, for one that is likely to die of it. */
  readonly diary?: string;
}

/** From the worker: they were run, or one of them broke a rule and the rest was not run. */
export interface Report {
  readonly rows: readonly TallyRow[];
  readonly found: Found | null;
}

/** Bytes of an index in the diary. */
export const DIARY_BYTES = 8;
