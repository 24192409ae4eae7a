/**
 * What a session asks with, and what a caller catches. The table of the calls that wait is the package's own.
 */
export { callCounters, refuse } from './call-counters.ts';
export { CallError } from './call-error.ts';
export { CallFailure } from './call-failure.ts';
export { callOptions } from './call-options.ts';
export { Calls } from './calls.ts';

export type { CallCounters } from './call-counters.ts';
export type { CallErrorCode } from './call-error.ts';
export type { CallOutcome } from './call-failure.ts';
export type { CallOptions } from './call-options.ts';
export type { CallLine, CallsOptions } from './calls.ts';
export type { OpenCall } from './pending-calls.ts';
