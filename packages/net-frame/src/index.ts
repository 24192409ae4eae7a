/**
 * What stands on sockets and clocks uses this: frames, sessions that speak them, transports, time. The rest
 * is the package's own.
 */
export { closeReason } from './close-reason.ts';
export { NetFrameError } from './errors.ts';
export {
  COUNTED_HEADER_BYTES,
  FrameKind,
  HEADER_BYTES,
  MAX_SEQ,
  SIZE_BYTES,
  decodeFrame,
  encodeFrame,
  writeHeader,
} from './frame.ts';
export { FrameReader } from './frame-reader.ts';
export { MemoryNetwork } from './memory-transport.ts';
export { nodePlatform } from './node-platform.ts';
export { Places } from './places.ts';
export { RecentMap } from './recent-map.ts';
export { SESSION_DEFAULTS } from './session-options.ts';
export { SessionTable } from './session-table.ts';
export { networksOf, sourceOf } from './source-of.ts';
export { TimeoutQueue } from './timeout-queue.ts';
export { tcpTransport } from './tcp-transport.ts';
export { tlsTransport } from './tls-transport.ts';
export { formatAddress } from './transport.ts';
export { VirtualClock } from './virtual-clock.ts';
export { WideMap } from './wide-map.ts';

export type { Clock, Timer } from './clock.ts';
export type { ClosedBy, CloseReason } from './close-reason.ts';
export type { NetFrameErrorCode } from './errors.ts';
export type { Frame } from './frame.ts';
export type { FrameSession, SessionHandler } from './frame-session.ts';
export type { MemoryNetworkOptions } from './memory-transport.ts';
export type { Guest, Place, PlacesOptions } from './places.ts';
export type { Platform, Random } from './platform.ts';
export type { Forgetting, RecentMapOptions } from './recent-map.ts';
export type { SessionOptions } from './session-options.ts';
export type { SessionCounters } from './session-counters.ts';
export type { TlsConnectorOptions, TlsServerOptions, TlsTransportOptions } from './tls-options.ts';
export type {
  Address,
  ConnectOptions,
  Listener,
  ListenOptions,
  Pipe,
  PipeHandlers,
  Transport,
} from './transport.ts';
