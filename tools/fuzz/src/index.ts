/** What @lobby/fuzz offers: nothing to other projects, everything to its own tests and the command line. */

export { runFuzz } from './run-fuzz.ts';
