/** What @lobby/load offers: the types of a flow in TypeScript, and the chart in which figures are drawn. */

export { lineChart } from './report/line-chart.ts';

export type { Flow, Step } from './flow/flow.ts';
export type { LoadErrorCode } from './load-error.ts';
export type { Chart, Series } from './report/line-chart.ts';
export type { LoadOptions, RunningLobby } from './run/load-options.ts';
export type { LoadResult, LoadWatcher } from './run/run-load.ts';
