/**
 * What services and clients are written with: pulses and what is spoken on them. Pulses are made by `Pulse`
 * only.
 */
export { clientLink, clientPort } from './dialects/client-dialects.ts';
export { serviceLink, servicePort } from './dialects/service-dialects.ts';
export { PulseError } from './errors.ts';
export { closed, established } from './life-topics.ts';
export { PULSE_LIMITS } from './limits.ts';
export { silentLog } from './log.ts';
export { Pulse } from './pulse.ts';

export type { ChildPulse, ChildPulseOptions } from './child-pulse.ts';
export type { ClientPulse, ClientPulseOptions, Reconnect } from './client-pulse.ts';
export type { PulseCounters } from './counters.ts';
export type { Admission, Dialect, OpenedFacts, Opening, OpeningSession } from './dialect.ts';
export type { ClientPortOptions } from './dialects/client-dialects.ts';
export type { ServiceDialectOptions, ServicePortOptions } from './dialects/service-dialects.ts';
export type { PulseErrorCode } from './errors.ts';
export type { Answerer, Asking, Handler } from './handler.ts';
export type { LifeTopic } from './life-topics.ts';
export type { PulseLimits } from './limits.ts';
export type { Log } from './log.ts';
export type { PulseOptions } from './pulse-options.ts';
export type { RateLimit } from './rate-limit.ts';
export type { ServerPulse, ServerPulseOptions } from './server-pulse.ts';
export type { Session } from './session.ts';
export type { SessionPulse, SessionPulseOptions } from './session-pulse.ts';
export type { KnownAs } from './standing.ts';
