/** What @lobby/sim offers: one run of one seed, what it has beside ordinary life, and the trace of it. */

export { EXTREMES, extremesOf } from './extremes/extremes.ts';
export { simulate } from './simulate.ts';
export { formatLine } from './trace.ts';

export type { Extreme } from './extremes/extremes.ts';
export type { SimulationOptions, SimulationResult } from './simulate.ts';
export type { TraceLine } from './trace.ts';
export type { Violation } from './violation.ts';
