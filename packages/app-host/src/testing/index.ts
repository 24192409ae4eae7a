/** The log of a process, for tests that hold its time and the stream that it goes to. */
export { LineOutput } from '../line-output.ts';
export { createLog } from '../log.ts';

export type { ProcessLog } from '../log.ts';
