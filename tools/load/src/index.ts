/** What @lobby/load offers to whoever writes a flow in TypeScript: its types. */

export type { Flow, Step } from './flow/flow.ts';
export type { LoadErrorCode } from './load-error.ts';
export type { LoadOptions, RunningLobby } from './run/load-options.ts';
export type { LoadResult, LoadWatcher } from './run/run-load.ts';
