/** What @lobby/load offers to a program of one's own: the flow's type for a flow in TypeScript, and a run. */

export { LoadError } from './load-error.ts';
export { runLoad } from './run/run-load.ts';

export type { Flow, Step } from './flow/flow.ts';
export type { LoadErrorCode } from './load-error.ts';
export type { LoadOptions, RunningLobby } from './run/load-options.ts';
export type { LoadResult, LoadWatcher } from './run/run-load.ts';
