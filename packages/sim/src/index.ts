/** What @lobby/sim offers: one run of one seed, and the trace of it. */

export { simulate } from './simulate.ts';
export { formatLine } from './trace.ts';

export type { SimulationOptions, SimulationResult } from './simulate.ts';
export type { TraceLine } from './trace.ts';
export type { Violation } from './violation.ts';
