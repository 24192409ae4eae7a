/** What @lobby/chaos offers to tests: a run, a history, its checker, and the proxy. */

export { checkHistory } from './check/check-history.ts';
export { reportOf } from './check/report.ts';
export { DRILLS } from './drills/catalogue.ts';
export { startStage } from './drills/drill.ts';
export { History } from './history/history.ts';
export { readHistory } from './history/read-history.ts';
export { Route } from './proxy/route.ts';
export { runChaos } from './run/run-chaos.ts';

export type { CheckOptions, Found } from './check/check-history.ts';
export type { DrillReport, DrillSize, Stage } from './drills/drill.ts';
export type { HistoryLine, Told } from './history/history-line.ts';
export type { LinkFault, Way } from './proxy/link-fault.ts';
export type { ChaosOptions } from './run/run-chaos.ts';
