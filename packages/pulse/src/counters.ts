/** What did not go as it should on a pulse, counted since its start; for metrics. */
import { callCounters } from '@lobby/call';
import type { CallCounters } from '@lobby/call';

export interface PulseCounters {
  readonly calls: CallCounters;
  badRequests: number;
  /** Records of batches that were left out of what was taken. */
  recordsLeftOut: number;
  refusedTopics: number;
  throttled: number;
  /** Calls that were not worked on because too much waits for who asked. */
  overloaded: number;
  handlerErrors: number;
}

export function pulseCounters(): PulseCounters {
  return {
    calls: callCounters(),
    badRequests: 0,
    recordsLeftOut: 0,
    refusedTopics: 0,
    throttled: 0,
    overloaded: 0,
    handlerErrors: 0,
  };
}
