/** What @lobby/cluster offers: the five real processes as one object, and a bounded way to wait for them. */

export { AppProcess } from './app-process.ts';
export { APPS, COMPILE_CACHE, FRONTS } from './apps.ts';
export { Cluster, startCluster } from './cluster.ts';
export { ClusterError } from './cluster-error.ts';
export { eventually } from './eventually.ts';
export { toolTransport } from './tool-transport.ts';

export type { AppLog, LogLine } from './app-log.ts';
export type { Exit, LogTarget } from './app-process.ts';
export type { AppName, Settings } from './apps.ts';
export type { AdminAnswer, AdminQuestion } from './ask-admin.ts';
export type { ClusterOptions } from './cluster.ts';
export type { ClusterErrorCode } from './cluster-error.ts';
export type { EventuallyOptions } from './eventually.ts';
export type { ToolTransportOptions } from './tool-transport.ts';
