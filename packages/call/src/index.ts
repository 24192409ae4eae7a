export { CallFailure } from './call-failure.ts';
export { PendingCalls, callCounters } from './pending-calls.ts';

export type { CallOutcome } from './call-failure.ts';
export type { CallOptions } from './call-options.ts';
export type { BegunCall, CallCounters, OpenCall } from './pending-calls.ts';
