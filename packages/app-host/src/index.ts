/** What an app sees of its host. */
export { openDataDir } from './data-dir.ts';
export { runApp } from './run-app.ts';
export { expectation, writtenDefault } from './setting.ts';
export {
  ACCOUNT_SETTINGS,
  appSettings,
  FRONT_SETTINGS,
  MASTER_SETTINGS,
  ROOM_SETTINGS,
  SEATING_SETTINGS,
  settings,
} from './settings.ts';
export { ClusterWiring } from './wiring/cluster-wiring.ts';

export type { ActionRoute, Admin, ReadRoute } from './admin.ts';
export type { CallRow, Listing, ListProvider, PeerRow, SessionRow } from './admin-rows.ts';
export type { AppHost, AppHostOptions, HostConfig, ReadinessCheck } from './app-host.ts';
export type { Config } from './config.ts';
export type { Log, LogLevel, ProcessLog } from './log.ts';
export type { Count, MetricName, Metrics } from './metrics.ts';
export type { AppOptions, RunConfig } from './run-app.ts';
export type { Address, SameAs, Setting } from './setting.ts';
export type { AppName, AppSettings, SettingTable } from './settings.ts';
export type { ClientPortConfig, WiringConfig } from './wiring/cluster-wiring.ts';
