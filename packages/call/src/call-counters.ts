/** How calls ended, for metrics; and how one is refused, so that no refusal goes uncounted. */
import type { FailureCode } from '@lobby/protocol';
import { CallFailure } from './call-failure.ts';

/** Totals since the start; `late` counts answers that nobody waited for any more. */
export interface CallCounters {
  reply: number;
  failure: number;
  refused: number;
  unknown: number;
  late: number;
}

export function callCounters(): CallCounters {
  return { reply: 0, failure: 0, refused: 0, unknown: 0, late: 0 };
}

/** The failure of a call that is not sent, counted; the caller throws it. */
export function refuse(
  counters: CallCounters,
  topic: { readonly name: string },
  { code, message }: { readonly code: FailureCode; readonly message: string },
): CallFailure {
  counters.refused += 1;
  return new CallFailure('refused', code, { message, topic: topic.name });
}
