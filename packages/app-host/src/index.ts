// What an app sees of its host.

export { Admin } from './admin.ts';
export { AppHost } from './app-host.ts';
export { clusterSecret, deriveKey } from './cluster-secret.ts';
export { ConfigError } from './config-error.ts';
export { loadConfig } from './config.ts';
export { openDataDir } from './data-dir.ts';
export { createLog, logLevels } from './log.ts';
export { isLoopback } from './loopback.ts';
export { Metrics } from './metrics.ts';
export { runApp } from './run-app.ts';
export { expectation, writtenDefault } from './setting.ts';
export {
  accountSettings,
  appSettings,
  frontSettings,
  masterSettings,
  roomSettings,
  settings,
} from './settings.ts';
export { ClusterWiring } from './wiring/cluster-wiring.ts';

export type { ActionRoute, AdminOptions, ReadRoute } from './admin.ts';
export type { CallRow, Listing, ListProvider, PeerRow, SessionRow } from './admin-rows.ts';
export type { AppHostOptions, HostConfig, ReadinessCheck } from './app-host.ts';
export type { SecretConfig } from './cluster-secret.ts';
export type { Config, ConfigSources } from './config.ts';
export type { Log, LogLevel, LogOptions, ProcessLog } from './log.ts';
export type { Count, MetricName } from './metrics.ts';
export type { AppOptions, RunConfig } from './run-app.ts';
export type { Address, SameAs, Setting } from './setting.ts';
export type { AppName, AppSettings, SettingTable } from './settings.ts';
export type { ClientPortConfig, WiringConfig } from './wiring/cluster-wiring.ts';
